#include "db/change.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <nlohmann/json.hpp>

namespace vakthund::db {
namespace {

std::int64_t ms(model::WallTime time) { return model::epoch_ms(time); }

// Cut at a character: a UTF-8 continuation byte never begins what is left out.
std::string limited(const std::string& text) {
  static const std::string kMark = "… (cut)";
  if (text.size() <= kMaxText) return text;
  std::size_t end = kMaxText - kMark.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + kMark;
}

// Binds in order of appearance: `fill(statement).text(a).number(b).run()`.
class Fill {
 public:
  Fill(SQLite::Database& connection, const char* sql) : statement_(connection, sql) {}
  Fill& text(const std::string& value) { return whole(limited(value)); }
  Fill& text(std::string_view value) { return text(std::string(value)); }
  // A document that is of no use cut.
  Fill& whole(const std::string& value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Fill& number(std::int64_t value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Fill& time(const std::optional<model::WallTime>& value) {
    if (value) return number(ms(*value));
    statement_.bind(++index_);
    return *this;
  }
  Fill& span(const std::optional<model::Duration>& value) {
    using std::chrono::milliseconds;
    if (value) return number(std::chrono::duration_cast<milliseconds>(*value).count());
    statement_.bind(++index_);
    return *this;
  }
  int run() { return statement_.exec(); }

 private:
  SQLite::Statement statement_;
  int index_ = 0;
};

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string evidence_json(const model::Evidence& evidence) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const auto& [name, value] : evidence) json.push_back({name, value});
  return json_text(json);
}

void write(SQLite::Database& connection, const JournalRow& row) {
  Fill(connection,
       "INSERT INTO journal (time_ms, account, kind, incident, text) VALUES (?,?,?,?,?)")
      .number(ms(row.time))
      .text(row.account)
      .text(row.kind)
      .text(row.incident)
      .text(row.text)
      .run();
}

void write(SQLite::Database& connection, const ReceiptRow& row) {
  Fill(connection,
       "INSERT INTO receipts VALUES (?,?,?,?) ON CONFLICT (kill_id) DO UPDATE SET "
       "account = excluded.account, time_ms = excluded.time_ms, json = excluded.json")
      .text(row.kill_id)
      .text(row.account)
      .number(ms(row.time))
      .whole(row.json)
      .run();
}

void write(SQLite::Database& connection, const DrillRow& row) {
  Fill(connection,
       "INSERT INTO drills (account, time_ms, ok, flat_after_ms, json) VALUES (?,?,?,?,?)")
      .text(row.account)
      .number(ms(row.time))
      .number(row.ok ? 1 : 0)
      .span(row.flat_after)
      .whole(row.json)
      .run();
}

void write(SQLite::Database& connection, const IncidentRow& row) {
  Fill(connection,
       "INSERT INTO incidents VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
       "account = excluded.account, rule = excluded.rule, severity = excluded.severity, "
       "symbol = excluded.symbol, position_side = excluded.position_side, state = excluded.state, "
       "since_ms = excluded.since_ms, at_ms = excluded.at_ms, message = excluded.message, "
       "evidence = excluded.evidence")
      .text(row.id)
      .text(row.account)
      .text(row.finding.rule)
      .text(to_string(row.finding.severity))
      .text(row.finding.symbol)
      .text(to_string(row.finding.position_side))
      .text(row.state)
      .number(ms(row.since))
      .number(ms(row.at))
      .text(row.finding.message)
      .text(evidence_json(row.finding.evidence))
      .run();
}

// '' where it is unknown.
std::string number_text(const model::MaybeDecimal& value) {
  return value ? value->to_string() : "";
}

void write(SQLite::Database& connection, const BaselineRow& row) {
  Fill(connection,
       "INSERT INTO baseline VALUES (?,?,?,?,?,?,?) ON CONFLICT (account) DO UPDATE SET "
       "since_ms = excluded.since_ms, peak_equity = excluded.peak_equity, "
       "peak_at_ms = excluded.peak_at_ms, wallet = excluded.wallet, "
       "wallet_at_ms = excluded.wallet_at_ms, doubt = excluded.doubt")
      .text(row.account)
      .number(ms(row.baseline.since))
      .text(number_text(row.baseline.peak_equity))
      .number(ms(row.baseline.peak_at))
      .text(number_text(row.baseline.wallet))
      .number(ms(row.baseline.wallet_at))
      .text(row.baseline.doubt)
      .run();
}

void write(SQLite::Database& connection, const NewAlert& row) {
  const AlertRow& alert = row.alert;
  Fill(connection,
       "INSERT INTO outbox (key, created_ms, event, incident, account, severity, body) "
       "VALUES (?,?,?,?,?,?,?) ON CONFLICT (key) DO NOTHING")
      .text(alert.key)
      .number(ms(alert.created))
      .text(alert.event)
      .text(alert.incident)
      .text(alert.account)
      .text(to_string(alert.severity))
      .whole(alert.body)
      .run();
  for (const std::string& sink : row.sinks) {
    Fill(connection,
         "INSERT INTO deliveries SELECT id, ?, 'waiting', 0, NULL, NULL, '' FROM outbox "
         "WHERE key = ? ON CONFLICT DO NOTHING")
        .text(sink)
        .text(alert.key)
        .run();
  }
}

// What has ended stays ended.
void write(SQLite::Database& connection, const DeliveryRow& row) {
  Fill(connection,
       "UPDATE deliveries SET state = ?, attempts = ?, next_attempt_ms = ?, ended_ms = ?, "
       "last_error = ? WHERE alert = (SELECT id FROM outbox WHERE key = ?) AND sink = ? "
       "AND state = 'waiting'")
      .text(to_string(row.state))
      .number(row.attempts)
      .time(row.next_attempt)
      .time(row.ended)
      .text(row.last_error)
      .text(row.key)
      .text(row.sink)
      .run();
}

void write(SQLite::Database& connection, const RetireDeliveries& retire) {
  Fill(connection,
       "UPDATE deliveries SET state = 'dead', next_attempt_ms = NULL, "
       "ended_ms = ?, last_error = 'the sink is no longer configured' "
       "WHERE state = 'waiting' AND sink NOT IN (SELECT value FROM json_each(?))")
      .number(ms(retire.at))
      .text(json_text(retire.except_sinks))
      .run();
}

}  // namespace

void write_change(SQLite::Database& connection, const Change& change) {
  std::visit([&](const auto& row) { write(connection, row); }, change);
}

void write_kill(SQLite::Database& connection, const KillRow& kill) {
  Fill(connection,
       "INSERT INTO kill VALUES (?,?,?,?,?,?,?) ON CONFLICT (account) DO UPDATE SET "
       "state = excluded.state, id = excluded.id, reason = excluded.reason, "
       "by_whom = excluded.by_whom, started_ms = excluded.started_ms, attempt = excluded.attempt")
      .text(kill.account)
      .text(to_string(kill.state))
      .text(kill.id)
      .text(kill.reason)
      .text(kill.by)
      .number(ms(kill.started))
      .number(kill.attempt)
      .run();
}

bool prune_some(SQLite::Database& connection, model::WallTime older_than, int limit) {
  constexpr const char* kDeletions[] = {
      "DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE time_ms < ? LIMIT ?)",
      "DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE state IN ('resolved', "
      "'lapsed') "
      "AND at_ms < ? LIMIT ?)",
      "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_ms < ? AND NOT EXISTS "
      "(SELECT 1 FROM deliveries WHERE alert = outbox.id AND state = 'waiting') LIMIT ?)",
  };
  bool more = false;
  for (const char* sql : kDeletions) {
    more |= Fill(connection, sql).number(ms(older_than)).number(limit).run() >= limit;
  }
  return more;
}

}  // namespace vakthund::db
