// What waits for the Writer's thread, and who may still come in: the policy of db/writer.h without
// its thread, its disk or its lock. Not thread-safe; the Writer guards it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/change.h"

namespace vakthund::db {

struct Job {
  Change change;
  std::function<void(bool on_disk)> done;  // may be empty
};

// What is written in one go; what could not be written goes back whole.
struct Batch {
  std::vector<KillRow> kills;
  std::vector<Job> jobs;
  std::optional<model::WallTime> prune;
};

class Queue {
 public:
  explicit Queue(std::size_t max_queued) : max_queued_(max_queued) {}

  // false: refused for want of room, and the job is left as it was.
  bool push(Job& job);
  void push(KillRow kill);  // replaces what waits for the same account
  void prune(model::WallTime older_than);

  // All kills and at most `max_jobs` jobs; pruning only when no job waits behind these.
  Batch take(std::size_t max_jobs);
  // In front again; a kill that came for the same account meanwhile is newer and stays.
  void put_back(Batch batch);

  bool empty() const { return kills_.empty() && jobs_.empty() && !prune_; }
  std::size_t size() const { return kills_.size() + jobs_.size(); }
  bool half_empty() const { return jobs_.size() <= max_queued_ / 2; }

 private:
  std::size_t max_queued_;
  std::deque<Job> jobs_;
  std::map<std::string, KillRow> kills_;
  std::optional<model::WallTime> prune_;
};

}  // namespace vakthund::db
