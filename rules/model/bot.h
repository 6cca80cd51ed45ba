// What the bot says of itself. Evidence, never truth. Source: bots.md.
#pragma once

#include <string>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/order.h"
#include "rules/model/time.h"

namespace vakthund::model {

// A position as the bot's own API tells it.
struct BotPosition {
  std::string symbol;  // in the exchange's spelling
  Decimal quantity;    // signed: negative is short
  MaybeDecimal entry_price;
  MaybeDecimal stop_price;  // the stop the bot believes in
  friend bool operator==(const BotPosition&, const BotPosition&) = default;
};

// What the bot wrote down when it opened a position: the newest entry of a symbol.
struct JournalEntry {
  std::string symbol;
  std::optional<Side> side;  // of the opening order: buy is long
  MaybeDecimal quantity;     // unsigned
  MaybeDecimal entry_price;
  MaybeDecimal stop_price;
  WallTime time{};
  std::optional<bool> open{};  // whether the journal itself says so; unknown: it does not tell
  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// A line of the container's log that claims a symbol is protected.
struct Claim {
  std::string symbol;
  std::string line;  // as logged, cut to 200 characters
  WallTime time{};
  friend bool operator==(const Claim&, const Claim&) = default;
};

struct BotHealth {
  bool up = false;
  std::string detail;  // why not, or what it said
  // When its work last moved on: alive is not working. Unknown: the bot does not tell.
  std::optional<WallTime> progress{};
  friend bool operator==(const BotHealth&, const BotHealth&) = default;
};

// What the operator intended, read from the bot's settings (bots.md, "settings").
struct Intent {
  MaybeDecimal stop_distance_ratio;  // QT_SL_PCT: 0.02
  MaybeDecimal leverage;
  MaybeDecimal max_notional{};  // of one trade
  std::optional<int> max_positions{};
  std::vector<std::string> allowed_symbols{};  // empty: not told
  std::optional<bool> paper_trading{};
  friend bool operator==(const Intent&, const Intent&) = default;
};

enum class ContainerStatus {
  unknown,
  created,
  running,
  paused,
  restarting,
  removing,
  exited,
  dead
};
constexpr Names<ContainerStatus, 7> names(ContainerStatus) {
  return {{{ContainerStatus::created, "created"},
           {ContainerStatus::running, "running"},
           {ContainerStatus::paused, "paused"},
           {ContainerStatus::restarting, "restarting"},
           {ContainerStatus::removing, "removing"},
           {ContainerStatus::exited, "exited"},
           {ContainerStatus::dead, "dead"}}};
}

struct Container {
  std::string name;
  std::string id;
  Open<ContainerStatus> status;
  std::string restart_policy;  // "no", "always", "unless-stopped", "on-failure"
  bool tty = false;            // its log is then not framed
  Intent intent;               // from its environment
  friend bool operator==(const Container&, const Container&) = default;
};

}  // namespace vakthund::model
