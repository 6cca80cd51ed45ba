// What the database remembers, as values: one struct per table row. Formats: db/SCHEMA.md.
//
// All times are UTC wall time in milliseconds. Texts are UTF-8 and at most `kMaxText` bytes; longer
// ones are cut at a character and end in "… (cut)". Documents (a receipt's json, an alert's body)
// are never cut. Rows hold no secret: whoever fills them sees to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/account.h"
#include "rules/model/finding.h"
#include "rules/model/time.h"

namespace vakthund::db {

inline constexpr std::size_t kMaxText = 256u << 10;

// What was seen, decided, sent, answered: appended, never changed.
struct JournalRow {
  std::int64_t id = 0;  // given by the database; 0 when handed in
  model::WallTime time{};
  std::string account;
  std::string kind;      // "kill.intent", "order.sent", …
  std::string incident;  // empty: none
  std::string text;
  friend bool operator==(const JournalRow&, const JournalRow&) = default;
};

enum class KillState { armed, killing, latched };
std::string_view to_string(KillState state);

// The switch of one account: its newest state, nothing older.
struct KillRow {
  std::string account;
  KillState state = KillState::armed;
  std::string id;  // empty when armed
  std::string reason;
  std::string by;
  model::WallTime started{};
  int attempt = 0;
  friend bool operator==(const KillRow&, const KillRow&) = default;
};

// The peak of one account's drawdown: its newest state, nothing older.
struct BaselineRow {
  std::string account;
  model::Baseline baseline;
  friend bool operator==(const BaselineRow&, const BaselineRow&) = default;
};

// What a kill did, in numbers; the newest of each kill.
struct ReceiptRow {
  std::string kill_id;
  std::string account;
  model::WallTime time{};
  std::string json;
  friend bool operator==(const ReceiptRow&, const ReceiptRow&) = default;
};

// What a fire drill found, the newest of each account that counts.
struct DrillRow {
  std::string account;
  model::WallTime time{};
  bool ok = false;                            // every leg worked
  std::optional<model::Duration> flat_after;  // from the kill's first step to proven flat
  std::string json;                           // the whole report
  friend bool operator==(const DrillRow&, const DrillRow&) = default;
};

// An incident's newest state.
struct IncidentRow {
  std::string id;
  std::string account;
  std::string state;  // pending | firing | acknowledged | resolved | lapsed
  model::Finding finding;
  model::WallTime since{};
  model::WallTime at{};  // of this state
  friend bool operator==(const IncidentRow&, const IncidentRow&) = default;
};

// An alert that was raised, with what is sent word for word.
struct AlertRow {
  std::string key;  // idempotency key: unique; adding it twice keeps the first
  model::WallTime created{};
  std::string event;
  std::string incident;
  std::string account;
  model::Severity severity = model::Severity::warning;
  std::string body;
  friend bool operator==(const AlertRow&, const AlertRow&) = default;
};

// How far the delivery of one alert to one sink has come.
struct DeliveryRow {
  enum class State { waiting, delivered, dead };
  std::string key;
  std::string sink;
  State state = State::waiting;
  int attempts = 0;
  std::optional<model::WallTime> next_attempt;  // with waiting, after the first failure
  std::optional<model::WallTime> ended;         // with delivered and dead
  std::string last_error;
  friend bool operator==(const DeliveryRow&, const DeliveryRow&) = default;
};
std::string_view to_string(DeliveryRow::State state);

struct PendingAlert {
  AlertRow alert;
  int attempts = 0;
  friend bool operator==(const PendingAlert&, const PendingAlert&) = default;
};

}  // namespace vakthund::db
