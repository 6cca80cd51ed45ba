// Puts a batch on the disk: kills in a transaction of their own, then the jobs in one, then a
// piece of pruning. Belongs to the Writer's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "db/queue.h"

namespace vakthund::db {

class BatchWriter {
 public:
  // What became of a batch. What was written is gone from the batch; what is still in it was not.
  struct Outcome {
    std::vector<Job> written;
    std::vector<Job> rejected;  // for their content; will never be written
    std::vector<std::string> why_rejected;
    std::size_t kills_written = 0;
    std::optional<Error> failure;  // of the disk: try again what is left in the batch
  };

  explicit BatchWriter(Database database) : database_(std::move(database)) {}
  Outcome write(Batch& batch);

 private:
  std::optional<Error> write_kills(const Batch& batch);
  std::optional<Error> write_jobs(Batch& batch, Outcome& outcome);
  std::optional<Error> prune(Batch& batch);

  Database database_;
};

}  // namespace vakthund::db
