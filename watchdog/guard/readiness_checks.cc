#include "watchdog/guard/readiness_checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Position;
using model::ReadinessCheck;
using State = model::ReadinessCheck::State;
using Positions = std::vector<const Position*>;
using std::chrono::milliseconds;

constexpr milliseconds kClockOk{1000};        // the exchange refuses what is further ahead
constexpr milliseconds kReceiveWindow{5000};  // and what is older than our recvWindow
constexpr std::size_t kNamed = 4;

struct Known {
  int code;
  RefusalMeaning::Kind kind;
  std::string_view words;
};
using Kind = RefusalMeaning::Kind;
constexpr Known kKnown[] = {
    {-2014, Kind::key, "the API key is malformed"},
    {-2015, Kind::key, "the key, its IP list or its right to trade futures"},
    {-2017, Kind::key, "the API key is locked"},
    {-1022, Kind::key, "the secret does not belong to the key"},
    {-2022, Kind::mended, "a resting order is in the way; a kill cancels those first"},
    {-4118, Kind::mended, "a resting order is in the way; a kill cancels those first"},
    {-4003, Kind::stubborn, "the quantity; a kill reads the filters again"},
    {-4004, Kind::stubborn, "below the smallest quantity; a kill reads the filters again"},
    {-4005, Kind::stubborn, "above the largest quantity; a kill splits it anew"},
    {-4023, Kind::stubborn, "not a multiple of the step; a kill reads the filters again"},
    {-1111, Kind::stubborn, "too many decimals; a kill reads the filters again"},
    {-4061, Kind::stubborn, "its position side; a kill reads the position again"},
    {-1106, Kind::stubborn, "reduce-only in hedge mode; a kill reads the position again"},
    {-1000, Kind::busy, "the exchange failed"},
    {-1001, Kind::busy, "the exchange failed"},
    {-1003, Kind::busy, "too many requests"},
    {-1006, Kind::busy, "the exchange failed"},
    {-1007, Kind::busy, "the exchange was too slow"},
    {-1008, Kind::busy, "the exchange is overloaded"},
    {-1015, Kind::busy, "too many orders of the account"},
    {-1021, Kind::refused, "the clock of this machine is off"},
    {-2019, Kind::refused, "margin is insufficient"},
    {-2023, Kind::refused, "the account is being liquidated"},
    {-4087, Kind::refused, "the account may not send this order"},
    {-4088, Kind::refused, "the account may not send orders"},
    {-4109, Kind::refused, "the account is inactive"},
    {-4131, Kind::refused, "the order book is too thin"},
    {-4140, Kind::refused, "the symbol's status"},
    {-4141, Kind::refused, "the symbol is closed"},
    {-4192, Kind::refused, "a cooling-off period that a person has set"},
};

std::string name_of(const model::PositionKey& key) {
  const bool both = key.position_side == model::PositionSide::both;
  return both ? key.symbol : key.symbol + " " + std::string(to_string(key.position_side));
}

// "A, B and 3 more".
std::string join(const std::vector<std::string>& names, std::string_view between = ", ") {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) {
    text += (i == 0 ? "" : std::string(between)) + names[i];
  }
  if (names.size() > kNamed) text += fmt::format(" and {} more", names.size() - kNamed);
  return text;
}

// "-2015: the key, its IP list …"; what is not known here in the exchange's own words.
std::string words_of(const Error& refusal) {
  const RefusalMeaning meaning = meaning_of(refusal);
  if (meaning.words.empty()) return refusal.message;
  return fmt::format("{}: {}", refusal.code, meaning.words);
}

// Who was answered alike is named together: "A, B and 3 more: -4131: the order book is too thin".
class Answers {
 public:
  void add(const Position& position, std::string words) {
    const auto at =
        std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.first == words; });
    auto& names =
        at != all_.end() ? at->second : all_.emplace_back(std::move(words), Names{}).second;
    names.push_back(name_of(position.key()));
  }
  bool empty() const { return all_.empty(); }
  std::string text() const {
    Names lines;
    for (const auto& [words, names] : all_) lines.push_back(join(names) + ": " + words);
    return join(lines, "; ");
  }

 private:
  using Names = std::vector<std::string>;
  std::vector<std::pair<std::string, Names>> all_;  // by words, in the order of positions
};

State state_of(const OrderTrial& trial) {
  if (!trial.refused) return State::ok;
  switch (meaning_of(*trial.refused).kind) {
    case Kind::busy:
      return State::unknown;
    case Kind::mended:
      return State::warning;
    case Kind::stubborn:
      return trial.in_a_row > 1 ? State::failed : State::warning;
    case Kind::key:
    case Kind::refused:
      break;
  }
  return State::failed;
}

ReadinessCheck key(const model::Snapshot& snapshot, const Trials& trials) {
  const ReadinessCheck check{"key", State::ok, ""};
  const auto with = [&](State state, std::string detail) {
    return ReadinessCheck{check.name, state, std::move(detail)};
  };
  for (const auto& [position, trial] : trials.orders) {
    if (trial.refused && meaning_of(*trial.refused).kind == Kind::key) {
      return with(State::failed, "orders are refused with " + words_of(*trial.refused));
    }
  }
  if (!snapshot.exchange.trouble.empty()) return with(State::failed, snapshot.exchange.trouble);
  if (!snapshot.fresh(Feed::account_config) || !snapshot.config.can_trade) {
    return with(State::unknown, "whether the key may trade has not been told");
  }
  if (!*snapshot.config.can_trade) {
    return with(State::failed, "the account may not trade: give the key the right to futures");
  }
  if (snapshot.config.can_withdraw.value_or(false)) {
    return with(State::warning, "may trade, and may withdraw: take that right from the key");
  }
  return with(State::ok, snapshot.config.can_withdraw
                             ? "may trade, may not withdraw"
                             : "may trade; whether it may withdraw has not been told");
}

ReadinessCheck position_mode(const model::Snapshot& snapshot, const Positions& positions) {
  const ReadinessCheck unknown{"position mode", State::unknown, "has not been told"};
  if (!snapshot.fresh(Feed::account_config)) return unknown;
  if (snapshot.config.mode == model::PositionMode::unknown) return unknown;
  const bool one_way = snapshot.config.mode == model::PositionMode::one_way;
  const std::string mode = one_way ? "one-way" : "hedge";
  for (const Position* position : positions) {
    if (one_way == (position->position_side == model::PositionSide::both)) continue;
    return {unknown.name, State::warning,
            fmt::format("{}, but {} is listed as {}; a kill believes the position", mode,
                        position->symbol, to_string(position->position_side))};
  }
  return {unknown.name, State::ok, mode};
}

ReadinessCheck filters(const model::Snapshot& snapshot, const Positions& positions,
                       const Trials& trials) {
  std::vector<std::string> missing, halted, doubtful, reducible;
  for (const Position* position : positions) {
    const auto& known = snapshot.symbol(position->symbol)->filters;
    if (!known || !known->market_step) {
      missing.push_back(name_of(position->key()));
    } else if (known->status != "TRADING") {
      const auto trial = trials.orders.find(position->key());
      const bool tried = trial != trials.orders.end() && trial->second.answered;
      const State state = tried ? state_of(trial->second) : State::unknown;
      auto& list = state == State::failed ? halted : state == State::unknown ? doubtful : reducible;
      list.push_back(fmt::format("{} is {}", position->symbol,
                                 known->status.empty() ? "in no known status" : known->status));
    }
  }
  const std::string name = "filters";
  if (!halted.empty()) return {name, State::failed, join(halted) + ": closing is refused"};
  if (!missing.empty()) return {name, State::unknown, "not known for " + join(missing)};
  if (!doubtful.empty()) return {name, State::unknown, join(doubtful) + "; closing not tried yet"};
  if (!reducible.empty()) return {name, State::warning, join(reducible) + ", but can be closed"};
  if (positions.empty()) return {name, State::ok, "no position is open"};
  return {name, State::ok, fmt::format("known for {} open", positions.size())};
}

ReadinessCheck order_test(const Positions& positions, const Trials& trials) {
  const std::string name = "order test";
  Answers failed, warned, silent;
  std::size_t untried = 0;
  for (const Position* position : positions) {
    const auto at = trials.orders.find(position->key());
    if (at == trials.orders.end()) {
      ++untried;
      continue;
    }
    const OrderTrial& trial = at->second;
    if (!trial.answered) {
      silent.add(*position, "no answer");
    } else if (trial.refused) {
      const State state = state_of(trial);
      Answers& list = state == State::failed ? failed : state == State::warning ? warned : silent;
      list.add(*position, words_of(*trial.refused));
    }
  }
  if (!failed.empty()) return {name, State::failed, "refused for " + failed.text()};
  if (!silent.empty()) return {name, State::unknown, silent.text()};
  if (untried > 0) {
    return {name, State::unknown,
            fmt::format("{} of {} positions tried so far", positions.size() - untried,
                        positions.size())};
  }
  if (!warned.empty()) return {name, State::warning, "refused for " + warned.text()};
  if (positions.empty()) return {name, State::ok, "no position is open: nothing to try"};
  return {name, State::ok,
          fmt::format("the exchange would accept closing {} of {}", positions.size(),
                      positions.size())};
}

ReadinessCheck clock(const model::Exchange& exchange) {
  if (!exchange.clock_offset) return {"clock", State::unknown, "has not been compared"};
  const auto offset = *exchange.clock_offset;
  const State state = std::chrono::abs(offset) <= kClockOk         ? State::ok
                      : std::chrono::abs(offset) <= kReceiveWindow ? State::warning
                                                                   : State::failed;
  return {"clock", state,
          fmt::format("{} ms {} the exchange's{}", std::chrono::abs(offset).count(),
                      offset.count() < 0 ? "ahead of" : "behind",
                      state == State::ok ? "" : ": set this machine's clock (NTP)")};
}

ReadinessCheck weight(const model::Exchange& exchange, std::size_t positions) {
  if (exchange.weight_limit <= 0) return {"weight", State::unknown, "has not been told"};
  const int left = exchange.weight_limit - exchange.weight_used;
  const int need = kill_weight(positions);
  const State state = left < need ? State::failed : left < 2 * need ? State::warning : State::ok;
  return {"weight", state,
          fmt::format("{} of {} left this minute, a kill needs {}{}", std::max(left, 0),
                      exchange.weight_limit, need,
                      state == State::ok ? ""
                                         : fmt::format("; others at this address used {}",
                                                       exchange.weight_others))};
}

ReadinessCheck order_rate(const model::Snapshot& snapshot, std::size_t pieces) {
  const std::string name = "order rate";
  const model::Exchange& exchange = snapshot.exchange;
  std::optional<int> used_1m = exchange.orders_1m;
  if (!used_1m && snapshot.activity.complete) used_1m = snapshot.activity.orders;
  if (!used_1m && !exchange.orders_10s) {
    return {name, State::warning, "how many orders the account sends has not been told"};
  }
  const int left_1m = exchange.orders_1m_limit - used_1m.value_or(0);
  const int left_10s = exchange.orders_10s_limit - exchange.orders_10s.value_or(0);
  const int left = std::min(left_1m, left_10s);
  const int need = static_cast<int>(std::min<std::size_t>(pieces, 1'000'000));
  if (left <= 0) {
    return {name, State::failed,
            fmt::format("used up: {} of {} orders in 10 s, {} of {} in a minute; only stopping who "
                        "sends them helps",
                        exchange.orders_10s.value_or(0), exchange.orders_10s_limit,
                        used_1m.value_or(0), exchange.orders_1m_limit)};
  }
  const State state = left < need ? State::warning : State::ok;
  return {name, state,
          fmt::format("{} orders left in 10 s, {} in a minute, a kill needs {}{}", left_10s,
                      left_1m, need, state == State::ok ? "" : ": it would take longer")};
}

ReadinessCheck container(const model::Snapshot& snapshot, const Trials& trials) {
  const std::string name = "container";
  if (!trials.has_container) return {name, State::ok, "none configured"};
  if (trials.container_failure) return {name, State::failed, trials.container_failure->message};
  if (!trials.container_seen) return {name, State::unknown, "the engine did not answer"};
  const model::Container& seen = snapshot.container;
  return {name, State::ok,
          fmt::format("{} is {}, restart policy {}", seen.name, seen.status.text(),
                      seen.restart_policy.empty() ? "no" : seen.restart_policy)};
}

}  // namespace

RefusalMeaning meaning_of(const Error& refusal) {
  for (const Known& known : kKnown) {
    if (known.code == refusal.code) return {known.kind, std::string(known.words)};
  }
  switch (refusal.kind) {
    case ErrorKind::unavailable:
    case ErrorKind::rate_limited:
    case ErrorKind::unknown:
      return {Kind::busy, ""};
    case ErrorKind::invalid:
    case ErrorKind::refused:
    case ErrorKind::not_found:
      break;
  }
  return {Kind::refused, ""};
}

model::Readiness readiness_of(const model::Snapshot& snapshot, const Positions& positions,
                              const Trials& trials, model::WallTime now) {
  return {{key(snapshot, trials), position_mode(snapshot, positions),
           filters(snapshot, positions, trials), order_test(positions, trials),
           clock(snapshot.exchange), weight(snapshot.exchange, positions.size()),
           order_rate(snapshot, trials.pieces), container(snapshot, trials)},
          now};
}

}  // namespace vakthund::guard
