// The one thread that writes to the database.
//
// What it promises, in this order:
//  1. Nobody waits: every call here but `flush` and `stop` only queues and returns.
//  2. The newest state of every kill switch is written first, in a transaction of its own, and is
//     never dropped: it is kept beside the queue, one per account, until it is on the disk.
//  3. The rest is written in the order in which it was handed in, many in one commit.
//  4. When the disk fails, nothing that is queued is dropped; the same rows are tried again with
//     back-off, for ever, and the caller is told (`on_trouble`) at the first failure, at every
//     change of its words and when it is over.
//
// Limits: `max_queued` rows wait at most. A journal row that comes when the queue is full is
// dropped; what matters more (incidents, receipts, alerts, deliveries) may fill another
// `max_queued`, and is dropped beyond. Dropped rows are counted, told once per episode, and their
// `done` is called with false. A row that SQLite refuses for its content is dropped too
// (counted as rejected): it must not hold up those behind it.
//
// Callbacks: `on_trouble` and `done` run on the writer's thread (for rows dropped at the door, on
// the caller's, before the call returns). They must be short and must not throw; `done` runs once.
// Threads: any thread may call anything, except that `flush` and `stop` must not be called from a
// callback.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "db/database.h"
#include "db/rows.h"

namespace vakthund::db {

struct WriterTrouble {
  enum class Kind { disk, queue_full, row_rejected, recovered };
  Kind kind = Kind::disk;
  std::string message;  // one line
  friend bool operator==(const WriterTrouble&, const WriterTrouble&) = default;
};
std::string_view to_string(WriterTrouble::Kind kind);

class Writer {
 public:
  struct Options {
    std::size_t max_queued = 20'000;
    std::size_t max_batch = 500;  // rows in one commit
    model::Duration retry_first = std::chrono::milliseconds(100);
    model::Duration retry_longest = std::chrono::seconds(10);
    model::Duration stop_patience = std::chrono::seconds(5);
    std::function<void(const WriterTrouble&)> on_trouble;
  };
  struct Counters {
    std::uint64_t written = 0;   // rows on the disk
    std::uint64_t dropped = 0;   // at the door: the queue was full
    std::uint64_t rejected = 0;  // by SQLite, for their content
    std::uint64_t disk_failures = 0;
    std::size_t queued = 0;  // now
    bool failing = false;    // the last attempt to write failed
    friend bool operator==(const Counters&, const Counters&) = default;
  };
  // true: on the disk. false: it never will be.
  using Done = std::function<void(bool on_disk)>;

  Writer(Database database, Options options);
  explicit Writer(Database database) : Writer(std::move(database), Options{}) {}
  ~Writer();  // stop()
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void append(JournalRow row);
  void save_kill(KillRow row);
  void save_receipt(ReceiptRow row);
  void save_incident(IncidentRow row);
  void save_drill(DrillRow row);
  void save_baseline(BaselineRow row);
  // The alert and a waiting delivery to each of these sinks. Without sinks it is only remembered.
  void enqueue_alert(AlertRow row, std::vector<std::string> sinks, Done done = {});
  void save_delivery(DeliveryRow row, Done done = {});
  // Deliveries that wait for a sink not named here will never happen: they become dead.
  void retire_deliveries_except(std::vector<std::string> sinks, model::WallTime at);
  // Deletes what is older, in small pieces between other work: journal, resolved incidents, alerts
  // with nothing left to deliver. Kill switches and receipts are kept for good.
  void prune(model::WallTime older_than);

  // Waits until everything queued so far is on the disk, at most `patience`; false: it is not.
  bool flush(model::Duration patience);
  // Writes what is queued, at most `stop_patience` long, and ends the thread; what is left is
  // lost and told to `on_trouble`. Later calls here do nothing but call `done` with false.
  void stop();

  Counters counters() const;

 private:
  class Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace vakthund::db
