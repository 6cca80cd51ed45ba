// The database as the program uses it: opened with every way it can fail in one clear line, read at
// start, written on its own thread.
//
// A damaged file is moved aside and a new one begun, with a warning: the watchdog must come up. A
// switch that was latched in it is then unknown, and the warning says so.
//
// A disk that fails, is full or has become read-only does not keep a daemon down either: it
// remembers in a file of the temporary directory (`elsewhere` says why), takes over the switches
// where the old file can still be read, and gives them back when the disk is well again. A path
// that was never right is an error.
// Threads: any, after `open`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "db/reader.h"
#include "db/writer.h"
#include "watchdog/guard/command.h"

namespace vakthund::app {

class Memory {
 public:
  using Warn = std::function<void(const std::string&)>;  // from any thread
  // `alone`: a daemon's; refuses while another daemon has the database.
  static Result<std::unique_ptr<Memory>> open(const std::string& path, bool alone, Warn warn);
  ~Memory();

  // Why it remembers in a temporary file instead; empty: it does not.
  const std::string& elsewhere() const { return elsewhere_; }

  Result<std::optional<guard::KillRecord>> load_kill(const std::string& account);
  Result<std::optional<model::Baseline>> load_baseline(const std::string& account);
  // The guard begins with no incidents: those that a former run left open end here.
  void end_open_incidents(const std::string& account, model::WallTime now);
  // Record, SaveKill, SaveIncident and SaveBaseline; other commands are none of its business. A
  // finished kill's record is kept as its receipt too.
  void remember(const std::string& account, const guard::Command& command, model::WallTime now);
  // Ends the writer; what is queued is written first.
  void close() { writer_->stop(); }

  db::Writer& writer() { return *writer_; }
  db::Reader& reader() { return *reader_; }

 private:
  Result<void> open_at(const std::string& path, db::Database database, const Warn& warn);
  void take_switches(const std::string& path);

  int lock_ = -1;
  std::string elsewhere_;
  std::unique_ptr<db::Writer> writer_;
  std::unique_ptr<db::Reader> reader_;
};

}  // namespace vakthund::app
