// What is known of the account as a whole, beside its positions: its day, its peak, how busy it is,
// what the exchange grants us, and whether a kill would work. Source: binance.md §3 (income,
// accountConfig), §8, §9.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/decimal.h"
#include "rules/model/order.h"
#include "rules/model/time.h"

namespace vakthund::model {

// One row of the account's income: a realised profit, a fee, funding, a transfer.
struct Income {
  std::string type;  // "REALIZED_PNL", "COMMISSION", "FUNDING_FEE", "TRANSFER", … open
  std::string asset;
  std::string symbol;  // empty where none
  Decimal amount;
  WallTime time{};
  std::int64_t id = 0;  // tranId: unique within a type
  bool is_transfer() const;
  friend bool operator==(const Income&, const Income&) = default;
};

// What this UTC day has realised so far, transfers left out.
struct DayResult {
  WallTime day{};             // its 00:00 UTC
  MaybeDecimal realized;      // profit and loss, fees and funding
  MaybeDecimal start_wallet;  // the wallet balance at `day`; transfers of the day are added to it
  std::string doubt;          // why these cannot be trusted; empty: they can
  friend bool operator==(const DayResult&, const DayResult&) = default;
};

// The peak from which a drawdown is measured. Transfers move it; it survives restarts.
struct Baseline {
  WallTime since{};  // when it was begun
  MaybeDecimal peak_equity;
  WallTime peak_at{};
  MaybeDecimal
      wallet;  // the wallet balance when last seen, and when: what moved since is explained
  WallTime wallet_at{};  // by income, or the baseline is in doubt
  std::string doubt;     // why it is inconsistent; empty: it is not
  friend bool operator==(const Baseline&, const Baseline&) = default;
};

// Orders and fills of the last minute that were not ours.
struct Activity {
  int orders = 0;
  int fills = 0;
  std::string busiest_symbol;  // by orders and fills together
  int busiest = 0;
  bool complete = false;  // the private stream was up for the whole minute
  friend bool operator==(const Activity&, const Activity&) = default;
};

// What the exchange grants this address and this account.
struct Exchange {
  int weight_limit = 0;   // of the address, per minute
  int weight_used = 0;    // by all, in the exchange's current minute
  int weight_ours = 0;    // of those, ours
  int weight_others = 0;  // of those, the others': the bot and whoever shares the address
  int weight_budget = 0;  // what we allow ourselves per minute
  std::optional<std::chrono::milliseconds> clock_offset;  // the exchange's clock minus ours
  std::string refused;  // "banned until …", "rate limited until …"; empty: it answers
  std::optional<int> orders_10s, orders_1m;  // by all of the account, as far as told
  int orders_10s_limit = 300, orders_1m_limit = 1200;
  std::string trouble;  // what only a person can mend: a wrong key, a certificate; empty: nothing
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

// One condition of a kill that would work now.
struct ReadinessCheck {
  enum class State { ok, warning, failed, unknown };
  std::string name;  // "key", "position mode", "filters", "order test", "clock", "weight", …
  State state = State::unknown;
  std::string detail;  // one line, in numbers, and what to do where it failed
  friend bool operator==(const ReadinessCheck&, const ReadinessCheck&) = default;
};
std::string_view to_string(ReadinessCheck::State state);

struct Readiness {
  std::vector<ReadinessCheck> checks;  // in a fixed order
  WallTime probed{};                   // epoch: not yet
  // true: every check is ok or a warning; nullopt: not probed, or one is unknown and none failed.
  std::optional<bool> ready() const;
  friend bool operator==(const Readiness&, const Readiness&) = default;
};

// The newest fire drill, as the database remembers it.
struct Drill {
  WallTime time{};
  std::string failed;                  // names of the legs that failed; empty: none
  std::optional<Duration> flat_after;  // nullopt: it did not come to be flat
  friend bool operator==(const Drill&, const Drill&) = default;
};
struct DrillMemory {
  bool asked = false;         // false: nobody has looked, or could
  std::optional<Drill> last;  // nullopt: there was none
  friend bool operator==(const DrillMemory&, const DrillMemory&) = default;
};

}  // namespace vakthund::model
