// The outbox's memory, kept in the database: alerts/outbox_store.h over db/writer.h and
// db/reader.h. Threads: any. The writer and the reader must outlive it.
#pragma once

#include "alerts/outbox_store.h"
#include "db/reader.h"
#include "db/writer.h"

namespace vakthund::app {

class OutboxInDb : public alerts::OutboxStore {
 public:
  OutboxInDb(db::Writer& writer, db::Reader& reader) : writer_(writer), reader_(reader) {}

  void add(const alerts::Message& message, const std::string& body,
           const std::vector<std::string>& sinks, Stored stored) override;
  bool record(const alerts::Attempt& attempt) override;
  Result<std::vector<alerts::Owed>> owed(const std::string& sink, int limit) override;
  void retire_except(const std::vector<std::string>& sinks, model::WallTime at) override;

 private:
  db::Writer& writer_;
  db::Reader& reader_;
};

}  // namespace vakthund::app
