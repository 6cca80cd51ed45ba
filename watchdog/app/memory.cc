#include "watchdog/app/memory.h"

#include <fmt/format.h>

#include "watchdog/net/loop.h"

namespace vakthund::app {
namespace {

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

Result<db::Database> open_or_begin_anew(const std::string& path, const Memory::Warn& warn) {
  auto database = db::Database::open(path);
  if (database.has_value() || !db::is_corrupt(database.error())) return database;
  const auto moved = db::quarantine(path, net::Loop::now().wall);
  if (moved.has_error()) return moved.error();
  warn(
      fmt::format("{}; it was moved to {} and a new database begun. Whether a switch was latched "
                  "is not known any more: look at the account.",
                  database.error().message, *moved));
  return db::Database::open(path);
}

}  // namespace

Result<std::unique_ptr<Memory>> Memory::open(const std::string& path, Warn warn) {
  auto database = open_or_begin_anew(path, warn);
  if (database.has_error()) return database.error();
  auto memory = std::make_unique<Memory>();
  db::Writer::Options options;
  options.on_trouble = [warn](const db::WriterTrouble& trouble) { warn(trouble.message); };
  memory->writer_ = std::make_unique<db::Writer>(std::move(*database), std::move(options));
  auto reader = db::Reader::open(path);
  if (reader.has_error()) return reader.error();
  memory->reader_ = std::move(*reader);
  return memory;
}

Result<std::optional<guard::KillRecord>> Memory::load_kill(const std::string& account) {
  auto row = reader_->load_kill(account);
  if (row.has_error()) return row.error();
  if (!row->has_value()) return std::optional<guard::KillRecord>();
  db::KillRow& kill = **row;
  return std::optional(guard::KillRecord{state_of(kill.state), kill.id, kill.reason, kill.by,
                                         kill.started, kill.attempt});
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
  }
}

}  // namespace vakthund::app
