// Reads for start-up, for the outbox and for commands, on a connection of its own beside the
// Writer's: it sees what is committed, never what still waits in the Writer's queue.
//
// Errors: `invalid` where the file is damaged, `unavailable` where it cannot be read now. A row
// that this version cannot read (a state of another version, say) is an error of the whole
// read of `load_kill`, since guessing a switch's state is worse; in lists it is left out and
// counted in `unreadable()`.
// Threads: any; calls wait for each other.
// Limits: lists return at most the limit they are asked for.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "db/rows.h"

namespace vakthund::db {

class Reader {
 public:
  explicit Reader(Database database);
  // Opens `path` read-only.
  static Result<std::unique_ptr<Reader>> open(const std::string& path);

  // nullopt: the switch of this account was never written, so it is armed.
  Result<std::optional<KillRow>> load_kill(const std::string& account);
  // Every switch that was ever written.
  Result<std::vector<KillRow>> kills();
  // nullopt: none was remembered. A number that cannot be read is unknown.
  Result<std::optional<BaselineRow>> load_baseline(const std::string& account);
  // Neither resolved nor lapsed, oldest first.
  Result<std::vector<IncidentRow>> open_incidents(const std::string& account, int limit = 10'000);
  // Of all accounts, newest first; without those that lapsed: nobody was told of them.
  Result<std::vector<IncidentRow>> incidents(int limit = 100);
  Result<std::optional<IncidentRow>> incident(const std::string& id);
  // Oldest first; the newest `limit` of them.
  Result<std::vector<JournalRow>> journal_of(const std::string& incident, int limit = 1000);
  // Of all incidents or none, newest first.
  Result<std::vector<JournalRow>> journal(int limit = 1000);
  // Newest first.
  Result<std::vector<ReceiptRow>> receipts(int limit = 100);
  Result<std::optional<ReceiptRow>> receipt(const std::string& kill_id);
  // The newest of an account; nullopt: there was none.
  Result<std::optional<DrillRow>> last_drill(const std::string& account);
  // Newest first.
  Result<std::vector<AlertRow>> alerts(int limit = 100);
  // Neither delivered to this sink nor dead, oldest first.
  Result<std::vector<PendingAlert>> pending_alerts(const std::string& sink, int limit = 64);
  // How far an alert's deliveries have come, by sink's name.
  Result<std::vector<DeliveryRow>> deliveries(const std::string& key);

  std::uint64_t unreadable() const;

 private:
  mutable std::mutex mutex_;
  Database database_;
  std::uint64_t unreadable_ = 0;
};

}  // namespace vakthund::db
