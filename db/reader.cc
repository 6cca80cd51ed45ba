#include "db/reader.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "db/sqlite_error.h"

namespace vakthund::db {
namespace {

std::string text(SQLite::Statement& row, int column) { return row.getColumn(column).getString(); }
std::int64_t number(SQLite::Statement& row, int column) { return row.getColumn(column).getInt64(); }
model::WallTime time(SQLite::Statement& row, int column) {
  return model::from_epoch_ms(number(row, column));
}
std::optional<model::WallTime> maybe_time(SQLite::Statement& row, int column) {
  if (row.getColumn(column).isNull()) return std::nullopt;
  return time(row, column);
}

template <class E, std::size_t N>
std::optional<E> parse(const std::string& name, const std::array<E, N>& values) {
  for (const E value : values) {
    if (to_string(value) == name) return value;
  }
  return std::nullopt;
}
std::optional<KillState> parse_kill_state(const std::string& name) {
  return parse(name, std::array{KillState::armed, KillState::killing, KillState::latched});
}
std::optional<model::Severity> parse_severity(const std::string& name) {
  using model::Severity;
  return parse(name, std::array{Severity::info, Severity::warning, Severity::critical});
}
std::optional<DeliveryRow::State> parse_delivery_state(const std::string& name) {
  using State = DeliveryRow::State;
  return parse(name, std::array{State::waiting, State::delivered, State::dead});
}

std::optional<model::Evidence> parse_evidence(const std::string& json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) return std::nullopt;
  model::Evidence evidence;
  for (const auto& pair : parsed) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      return std::nullopt;
    }
    evidence.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return evidence;
}

constexpr const char* kIncidentColumns =
    "SELECT id, account, rule, severity, symbol, position_side, state, since_ms, at_ms, message, "
    "evidence FROM incidents ";

std::optional<IncidentRow> read_incident(SQLite::Statement& row) {
  const auto severity = parse_severity(text(row, 3));
  auto evidence = parse_evidence(text(row, 10));
  if (!severity || !evidence) return std::nullopt;
  IncidentRow incident{text(row, 0), text(row, 1), text(row, 6), {}, time(row, 7), time(row, 8)};
  incident.finding = {text(row, 2), *severity,
                      text(row, 4), model::Open<model::PositionSide>::parse(text(row, 5)).value(),
                      text(row, 9), std::move(*evidence)};
  return incident;
}

std::optional<BaselineRow> read_baseline(SQLite::Statement& row) {
  return BaselineRow{text(row, 0),
                     {time(row, 1), model::Decimal::parse(text(row, 2)), time(row, 3),
                      model::Decimal::parse(text(row, 4)), time(row, 5), text(row, 6)}};
}

constexpr const char* kJournalColumns =
    "SELECT id, time_ms, account, kind, incident, text FROM journal ";

std::optional<JournalRow> read_journal(SQLite::Statement& row) {
  return JournalRow{number(row, 0), time(row, 1), text(row, 2),
                    text(row, 3),   text(row, 4), text(row, 5)};
}

std::optional<KillRow> read_kill(SQLite::Statement& row) {
  const auto state = parse_kill_state(text(row, 1));
  if (!state) return std::nullopt;
  return KillRow{text(row, 0),
                 *state,
                 text(row, 2),
                 text(row, 3),
                 text(row, 4),
                 time(row, 5),
                 static_cast<int>(number(row, 6))};
}

std::optional<ReceiptRow> read_receipt(SQLite::Statement& row) {
  return ReceiptRow{text(row, 0), text(row, 1), time(row, 2), text(row, 3)};
}

std::optional<DrillRow> read_drill(SQLite::Statement& row) {
  DrillRow drill{text(row, 0), time(row, 1), number(row, 2) != 0, {}, text(row, 4)};
  if (!row.isColumnNull(3)) drill.flat_after = std::chrono::milliseconds(number(row, 3));
  return drill;
}

std::optional<AlertRow> read_alert(SQLite::Statement& row) {
  const auto severity = parse_severity(text(row, 5));
  if (!severity) return std::nullopt;
  return AlertRow{text(row, 0), time(row, 1), text(row, 2), text(row, 3),
                  text(row, 4), *severity,    text(row, 6)};
}

std::optional<PendingAlert> read_pending(SQLite::Statement& row) {
  auto alert = read_alert(row);
  if (!alert) return std::nullopt;
  return PendingAlert{std::move(*alert), static_cast<int>(number(row, 7))};
}

std::optional<DeliveryRow> read_delivery(SQLite::Statement& row) {
  const auto state = parse_delivery_state(text(row, 2));
  if (!state) return std::nullopt;
  return DeliveryRow{
      text(row, 0),       text(row, 1),       *state,      static_cast<int>(number(row, 3)),
      maybe_time(row, 4), maybe_time(row, 5), text(row, 6)};
}

// Runs `sql` with its parameters bound in order and reads each row.
template <class Row, class... Parameters>
Result<std::vector<Row>> select(Database& database, std::uint64_t& unreadable,
                                std::optional<Row> (*read)(SQLite::Statement&),
                                const std::string& sql, const Parameters&... parameters) {
  try {
    SQLite::Statement statement(database.connection(), sql);
    int index = 0;
    (statement.bind(++index, parameters), ...);
    std::vector<Row> rows;
    while (statement.executeStep()) {
      if (auto row = read(statement)) {
        rows.push_back(std::move(*row));
      } else {
        ++unreadable;
      }
    }
    return rows;
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "read database", database.path());
  }
}

template <class Row>
Result<std::optional<Row>> only(Result<std::vector<Row>> rows) {
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows->front()));
}

}  // namespace

Reader::Reader(Database database) : database_(std::move(database)) {}

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path) {
  auto database = Database::open_read_only(path);
  if (!database) return database.error();
  return std::make_unique<Reader>(std::move(*database));
}

Result<std::optional<KillRow>> Reader::load_kill(const std::string& account) {
  const std::lock_guard lock(mutex_);
  try {
    SQLite::Statement row(database_.connection(),
                          "SELECT account, state, id, reason, by_whom, started_ms, attempt "
                          "FROM kill WHERE account = ?");
    row.bind(1, account);
    if (!row.executeStep()) return std::optional<KillRow>();
    auto kill = read_kill(row);
    if (!kill) {
      return error(ErrorKind::invalid, fmt::format("database {}: the kill switch of {} is in the "
                                                   "unknown state '{}'",
                                                   database_.path(), account, text(row, 1)));
    }
    return kill;
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "read the kill switch from database", database_.path());
  }
}

Result<std::vector<KillRow>> Reader::kills() {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_kill,
                "SELECT account, state, id, reason, by_whom, started_ms, attempt FROM kill "
                "ORDER BY account");
}

Result<std::optional<BaselineRow>> Reader::load_baseline(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return only(select(database_, unreadable_, read_baseline,
                     "SELECT account, since_ms, peak_equity, peak_at_ms, wallet, wallet_at_ms, "
                     "doubt FROM baseline WHERE account = ?",
                     account));
}

Result<std::vector<IncidentRow>> Reader::open_incidents(const std::string& account, int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_incident,
                std::string(kIncidentColumns) +
                    "WHERE account = ? AND state <> 'resolved' AND state <> 'lapsed' ORDER BY "
                    "since_ms, id LIMIT ?",
                account, limit);
}

Result<std::vector<IncidentRow>> Reader::incidents(int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_incident,
                std::string(kIncidentColumns) +
                    "WHERE state <> 'lapsed' ORDER BY at_ms DESC, id DESC LIMIT ?",
                limit);
}

Result<std::optional<IncidentRow>> Reader::incident(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return only(select(database_, unreadable_, read_incident,
                     std::string(kIncidentColumns) + "WHERE id = ?", id));
}

Result<std::vector<JournalRow>> Reader::journal_of(const std::string& incident, int limit) {
  const std::lock_guard lock(mutex_);
  auto rows = select(database_, unreadable_, read_journal,
                     std::string(kJournalColumns) +
                         "WHERE incident = ? AND incident <> '' ORDER BY id DESC LIMIT ?",
                     incident, limit);
  if (rows) std::reverse(rows->begin(), rows->end());
  return rows;
}

Result<std::vector<JournalRow>> Reader::journal(int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_journal,
                std::string(kJournalColumns) + "ORDER BY id DESC LIMIT ?", limit);
}

Result<std::vector<ReceiptRow>> Reader::receipts(int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_receipt,
                "SELECT kill_id, account, time_ms, json FROM receipts "
                "ORDER BY time_ms DESC, kill_id DESC LIMIT ?",
                limit);
}

Result<std::optional<ReceiptRow>> Reader::receipt(const std::string& kill_id) {
  const std::lock_guard lock(mutex_);
  return only(select(database_, unreadable_, read_receipt,
                     "SELECT kill_id, account, time_ms, json FROM receipts WHERE kill_id = ?",
                     kill_id));
}

Result<std::optional<DrillRow>> Reader::last_drill(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return only(select(database_, unreadable_, read_drill,
                     "SELECT account, time_ms, ok, flat_after_ms, json FROM drills "
                     "WHERE account = ? ORDER BY time_ms DESC, id DESC LIMIT 1",
                     account));
}

Result<std::vector<AlertRow>> Reader::alerts(int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_alert,
                "SELECT key, created_ms, event, incident, account, severity, body FROM outbox "
                "ORDER BY id DESC LIMIT ?",
                limit);
}

Result<std::vector<PendingAlert>> Reader::pending_alerts(const std::string& sink, int limit) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_pending,
                "SELECT o.key, o.created_ms, o.event, o.incident, o.account, o.severity, o.body, "
                "d.attempts FROM deliveries d JOIN outbox o ON o.id = d.alert "
                "WHERE d.sink = ? AND d.state = 'waiting' ORDER BY d.alert LIMIT ?",
                sink, limit);
}

Result<std::vector<DeliveryRow>> Reader::deliveries(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return select(database_, unreadable_, read_delivery,
                "SELECT o.key, d.sink, d.state, d.attempts, d.next_attempt_ms, d.ended_ms, "
                "d.last_error FROM deliveries d JOIN outbox o ON o.id = d.alert "
                "WHERE o.key = ? ORDER BY d.sink",
                key);
}

std::uint64_t Reader::unreadable() const {
  const std::lock_guard lock(mutex_);
  return unreadable_;
}

}  // namespace vakthund::db
