#include "watchdog/app/memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "watchdog/net/loop.h"

namespace vakthund::app {
namespace {

constexpr std::chrono::seconds kPatience{5};  // for a switch to be on the disk, at start

db::KillState state_of(guard::KillRecord::State state) {
  switch (state) {
    case guard::KillRecord::State::armed:
      return db::KillState::armed;
    case guard::KillRecord::State::killing:
      return db::KillState::killing;
    case guard::KillRecord::State::latched:
      return db::KillState::latched;
  }
  return db::KillState::armed;
}

guard::KillRecord::State state_of(db::KillState state) {
  switch (state) {
    case db::KillState::armed:
      return guard::KillRecord::State::armed;
    case db::KillState::killing:
      return guard::KillRecord::State::killing;
    case db::KillState::latched:
      return guard::KillRecord::State::latched;
  }
  return guard::KillRecord::State::armed;
}

// Only what looks like a database of ours that was damaged is moved aside: a path that names some
// other file is a mistake of the configuration.
bool may_be_moved(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char head[16] = {};
  file.read(head, sizeof head);
  return std::string_view(head, sizeof head).starts_with("SQLite format 3") ||
         path.ends_with(".db");
}

// -1: another process holds it.
int take_lock(const std::string& path) {
  const int lock = open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  if (lock >= 0) ::close(lock);
  return -1;
}

Result<db::Database> open_or_begin_anew(const std::string& path, const Memory::Warn& warn) {
  auto database = db::Database::open(path);
  if (database.has_value() || !db::is_corrupt(database.error())) return database;
  if (!may_be_moved(path)) return database;
  const auto moved = db::quarantine(path, net::Loop::now().wall);
  if (moved.has_error()) return moved.error();
  warn(
      fmt::format("{}; it was moved to {} and a new database begun. Whether a switch was latched "
                  "is not known any more: look at the account.",
                  database.error().message, *moved));
  return db::Database::open(path);
}

// The disk is to blame, not whoever wrote the path: what was a file cannot be opened.
bool is_the_disk(const std::string& path, const Error& failure) {
  struct stat file{};
  if (stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return false;
  struct statvfs disk{};
  const bool read_only = statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY);
  const bool held = failure.code == SQLITE_BUSY || failure.code == SQLITE_LOCKED;
  return read_only || (failure.kind == ErrorKind::unavailable && !held);
}

// Where a daemon remembers while the disk of `path` is not well: always the same file, so that it
// is found again by the next start. A file of somebody else's by that name is not touched.
std::string beside(const std::string& path) {
  const std::size_t name = std::hash<std::string>{}(std::filesystem::absolute(path).string());
  return (std::filesystem::temp_directory_path() / fmt::format("vakthund-{:016x}.db", name))
      .string();
}

bool is_ours(const std::string& path) {
  struct stat file{};
  return lstat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid();
}

bool is_there(const std::string& path) {
  struct stat file{};
  return lstat(path.c_str(), &file) == 0;
}

void remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
}

}  // namespace

Memory::~Memory() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::unique_ptr<Memory>> Memory::open(const std::string& path, bool alone, Warn warn) {
  auto database = open_or_begin_anew(path, warn);
  auto memory = std::make_unique<Memory>();
  const std::string other = beside(path);
  const bool other_is_there = is_there(other);
  const bool usable = !other_is_there || is_ours(other);
  if (database.has_error() && alone && usable && is_the_disk(path, database.error())) {
    auto temporary = db::Database::open(other);
    if (temporary.has_error()) return database.error();
    memory->elsewhere_ = fmt::format("{}; until its disk is well it remembers in {}",
                                     database.error().message, other);
    warn(memory->elsewhere_);
    if (auto opened = memory->open_at(other, std::move(*temporary), warn); opened.has_error()) {
      return opened.error();
    }
    if (!other_is_there) memory->take_switches(path);
    return memory;
  }
  if (database.has_error()) return database.error();
  if (alone && (memory->lock_ = take_lock(path)) < 0) {
    return error(ErrorKind::refused,
                 path +
                     " is in use by another vakthund: end that one, or give this one a "
                     "database.path of its own");
  }
  if (auto opened = memory->open_at(path, std::move(*database), warn); opened.has_error()) {
    return opened.error();
  }
  if (alone && other_is_there && usable) {
    memory->take_switches(other);
    if (memory->writer_->flush(kPatience)) remove_database(other);
  }
  return memory;
}

Result<void> Memory::open_at(const std::string& path, db::Database database, const Warn& warn) {
  db::Writer::Options options;
  options.on_trouble = [warn](const db::WriterTrouble& trouble) { warn(trouble.message); };
  writer_ = std::make_unique<db::Writer>(std::move(database), std::move(options));
  auto reader = db::Reader::open(path);
  if (reader.has_error()) return reader.error();
  reader_ = std::move(*reader);
  return {};
}

// Every switch of that file, where it can be read: a latch is not lost with a disk.
void Memory::take_switches(const std::string& path) {
  const auto reader = db::Reader::open(path);
  if (reader.has_error()) return;
  auto rows = (*reader)->kills();
  if (rows.has_error()) return;
  for (db::KillRow& row : *rows) writer_->save_kill(std::move(row));
  writer_->flush(kPatience);
}

Result<std::optional<guard::KillRecord>> Memory::load_kill(const std::string& account) {
  auto row = reader_->load_kill(account);
  if (row.has_error()) return row.error();
  if (!row->has_value()) return std::optional<guard::KillRecord>();
  db::KillRow& kill = **row;
  return std::optional(guard::KillRecord{state_of(kill.state), kill.id, kill.reason, kill.by,
                                         kill.started, kill.attempt});
}

Result<std::optional<model::Baseline>> Memory::load_baseline(const std::string& account) {
  auto row = reader_->load_baseline(account);
  if (row.has_error()) return row.error();
  if (!row->has_value()) return std::optional<model::Baseline>();
  return std::optional((**row).baseline);
}

void Memory::end_open_incidents(const std::string& account, model::WallTime now) {
  auto rows = reader_->open_incidents(account);
  if (rows.has_error()) return;
  for (db::IncidentRow& row : *rows) {
    row.state = row.state == "pending" ? "lapsed" : "resolved";
    row.at = now;
    writer_->save_incident(std::move(row));
  }
}

void Memory::remember(const std::string& account, const guard::Command& command,
                      model::WallTime now) {
  if (const auto* kill = std::get_if<guard::SaveKill>(&command)) {
    const guard::KillRecord& record = kill->kill;
    writer_->save_kill({account, state_of(record.state), record.id, record.reason, record.by,
                        record.started, record.attempt});
  } else if (const auto* record = std::get_if<guard::Record>(&command)) {
    writer_->append({0, now, account, record->kind, record->incident, record->text});
    if (record->kind == "kill.finished") {
      writer_->save_receipt({record->incident, account, now, record->text});
    }
  } else if (const auto* incident = std::get_if<guard::SaveIncident>(&command)) {
    writer_->save_incident(
        {incident->id, account, incident->state, incident->finding, incident->since, incident->at});
  } else if (const auto* save = std::get_if<guard::SaveBaseline>(&command)) {
    writer_->save_baseline({account, save->baseline});
  }
}

}  // namespace vakthund::app
