// What is going on, as values: the one shape behind `check --json`, `status --json` and
// GET /api/v1/status (product.md §6), and behind their human text. Whoever knows the book fills it;
// status_json.h and status_text.h only write it down.
//
// Unknown is a value: an empty optional is written as JSON null and as "unknown" for people, never
// as zero. Ratios are fractions. Threads: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/finding.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/time.h"

namespace vakthund::server {

// The overall verdict: the worst of all accounts. `unknown` (could not look) outranks ok, and is
// outranked by a warning or worse that was seen. Its number is the exit code of `check`.
enum class Overall { ok = 0, warning = 1, critical = 2, unknown = 3 };
std::string_view to_string(Overall overall);
// critical > warning > unknown > ok.
Overall worse(Overall a, Overall b);
Overall overall_of(model::Severity severity);  // info does not disturb: ok

// One order that the stop prover looked at for a position.
struct StopView {
  std::string id;  // the exchange's number, as text
  model::OrderSource source = model::OrderSource::regular;
  std::string type;  // "STOP_MARKET", or what the exchange said
  model::MaybeDecimal trigger_price;
  std::string working_type;     // "MARK_PRICE" | "CONTRACT_PRICE"
  std::optional<bool> crossed;  // unknown without a fresh price of its working type
  bool effective = false;       // counts towards covered_quantity
  std::string why;              // why it does not count; empty where it does
  friend bool operator==(const StopView&, const StopView&) = default;
};

enum class Coverage { unknown, none, partial, full };
std::string_view to_string(Coverage coverage);

struct ProtectionView {
  Coverage status = Coverage::unknown;
  model::MaybeDecimal covered_quantity;  // unsigned
  std::vector<StopView> stops;           // effective ones first
  friend bool operator==(const ProtectionView&, const ProtectionView&) = default;
};

struct PositionView {
  std::string symbol;
  std::string side;  // "LONG" | "SHORT"
  model::PositionSide position_side = model::PositionSide::both;
  model::Decimal quantity;  // unsigned, as in product.md §6
  model::MaybeDecimal entry_price;
  model::MaybeDecimal mark_price;
  model::MaybeDecimal liquidation_price;  // unknown where the exchange has none
  model::MaybeDecimal notional;           // at the mark price
  model::MaybeDecimal unrealized_pnl;
  model::MaybeDecimal loss_ratio;  // of notional at entry; positive is a loss
  std::optional<int> leverage;
  ProtectionView protection;
  friend bool operator==(const PositionView&, const PositionView&) = default;
};

// A rule that could not answer, and what it lacks.
struct UndecidedView {
  std::string rule;
  std::string symbol;  // empty: of the account
  std::string why;
  friend bool operator==(const UndecidedView&, const UndecidedView&) = default;
};

struct FeedView {
  std::string name;                    // to_string(model::Feed)
  std::string freshness;               // to_string(model::Freshness)
  std::optional<model::Duration> age;  // unknown: never had anything
  std::string trouble;                 // what failed last; empty while all is well
  friend bool operator==(const FeedView&, const FeedView&) = default;
};

struct KillView {
  std::string state;  // "armed" | "killing" | "latched"
  std::string id;     // empty when armed
  std::string reason;
  std::string by;
  std::optional<model::WallTime> started;
  std::optional<bool> ready;  // would a kill work now; unknown: not probed
  std::string not_ready_why;
  std::string phase;              // of the kill under way, "done" after it; empty: none since start
  std::vector<std::string> left;  // what is not done yet, or could not be
  std::string receipt_json;       // of the last kill since start; empty: none
  std::string receipt_text;
  friend bool operator==(const KillView&, const KillView&) = default;
};

// What the exchange grants us: weight is per minute and of the address, shared with the bot.
struct ExchangeView {
  int weight_limit = 0;
  int weight_used = 0;
  int weight_ours = 0;
  int weight_others = 0;
  int weight_budget = 0;
  std::optional<std::int64_t> clock_offset_ms;
  std::string refused;
  friend bool operator==(const ExchangeView&, const ExchangeView&) = default;
};

struct ReadinessView {
  std::string name;
  std::string state;  // "ok" | "warning" | "failed" | "unknown"
  std::string detail;
  friend bool operator==(const ReadinessView&, const ReadinessView&) = default;
};

// The bot's side, as far as it is configured.
struct BotView {
  std::optional<bool> up;
  std::string detail;
  std::optional<model::WallTime> progress;
  std::string container;         // its name; empty: none configured
  std::string container_status;  // "running", …; empty: unknown
  friend bool operator==(const BotView&, const BotView&) = default;
};

// The account's money, and what the UTC day has done to it.
struct DayView {
  model::MaybeDecimal equity;
  model::MaybeDecimal realized;  // today: profit, fees and funding, transfers left out
  model::MaybeDecimal unrealized;
  model::MaybeDecimal peak_equity;
  model::MaybeDecimal margin_ratio;
  friend bool operator==(const DayView&, const DayView&) = default;
};

struct IncidentView {
  std::string id;
  std::string state;  // "pending" | "firing" | "resolved"
  std::string rule;
  model::Severity severity = model::Severity::warning;
  std::string symbol;
  model::PositionSide position_side = model::PositionSide::both;
  std::string message;
  model::WallTime since{};
  model::WallTime at{};  // of its newest state
  std::string waits;     // why it cannot be judged anew just now; empty: it can
  friend bool operator==(const IncidentView&, const IncidentView&) = default;
};

struct AccountView {
  std::string name;
  bool latched = false;
  std::optional<model::Duration> data_age;  // of the oldest fact that judgement rests on
  std::string trouble;                      // could not look: what failed; empty: could
  std::vector<PositionView> positions;
  std::vector<model::Finding> findings;  // in the order to tell them: worst first
  std::vector<UndecidedView> undecided;
  std::vector<FeedView> feeds;
  KillView kill;
  std::vector<IncidentView> incidents;
  std::optional<ExchangeView> exchange;
  std::vector<ReadinessView> readiness;  // empty: not probed
  std::optional<BotView> bot;            // none configured: nothing
  DayView day;
  friend bool operator==(const AccountView&, const AccountView&) = default;
};

struct StatusView {
  Overall status = Overall::unknown;
  model::WallTime time{};
  std::string mode;  // "observe" | "armed"
  std::vector<AccountView> accounts;
  friend bool operator==(const StatusView&, const StatusView&) = default;
};

// From what the account holds: the worst finding; unknown where `trouble` or `undecided` is set.
Overall overall_of(const AccountView& account);

}  // namespace vakthund::server
