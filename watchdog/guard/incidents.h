// The life of findings: pending until they have held for their rule's `for`, firing, resolved.
//
// A verdict of `unknown` neither starts nor ends an incident, and the time it lasts does not count
// towards `for`: it waits for data. Ids are "<time>-<rule>-<symbol>[-<side>]".
// Pure. Limits: kMaxOpen incidents at once; what is over is counted in `dropped` and not judged.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "rules/judge.h"
#include "rules/model/time.h"
#include "watchdog/guard/command.h"

namespace vakthund::guard {

// Which round of judging a finding came from: each round ends what it no longer finds.
enum class Judgement { symbol, account, custom };

struct Incident {
  enum class State { pending, firing, resolved };
  std::string id;
  State state = State::pending;
  model::Finding finding;  // the newest
  rules::Policy policy;
  model::MonoTime breached{};  // since when it has held
  model::WallTime since{};
  model::MonoTime told{};  // when people were last told
  bool fired = false;
  bool breached_now = true;  // false: the newest verdict was `unknown`
  model::MonoTime unknown_since{};
  std::string unknown_why;  // while not breached_now
  Judgement judgement = Judgement::symbol;
};
std::string_view to_string(Incident::State state);

class Incidents {
 public:
  // What became of one verdict.
  // `lapsed`: ended before it fired, so nobody was told.
  enum class Change { none, began, lapsed, fired, repeated, resolved };
  struct Outcome {
    Change change = Change::none;
    const Incident* incident = nullptr;  // valid until the next call
  };

  explicit Incidents(model::Duration repeat_interval)
      : repeat_interval_(std::max<model::Duration>(repeat_interval, kShortestRepeat)) {}

  Outcome take(const rules::Judged& judged, model::Now now,
               Judgement judgement = Judgement::symbol);
  // Ends the incidents of this round that are no longer judged: their position is no longer there,
  // or their rule was disabled, or (custom) their row is no longer returned. `symbol` is empty but
  // for a round on one symbol. The state of each is `resolved`; `fired` says whether people know.
  std::vector<Incident> end_unjudged(Judgement judgement, std::string_view symbol,
                                     const std::vector<rules::Judged>& judged);

  // The next instant at which a pending one may fire or a firing one is told again.
  std::optional<model::MonoTime> next_deadline() const;
  // What has a deadline that has come and must be judged again; `rest`: the account and the custom
  // rules.
  struct Due {
    std::vector<std::string> symbols;
    bool rest = false;
  };
  Due due(model::MonoTime now) const;

  std::vector<const Incident*> open() const;
  const Incident* find(std::string_view rule, const model::PositionKey& key) const;
  std::uint64_t dropped() const { return dropped_; }

  static constexpr std::size_t kMaxOpen = 10'000;
  static constexpr model::Duration kShortestRepeat = std::chrono::seconds(1);

 private:
  struct Key {
    std::string symbol;
    model::PositionSide position_side;
    std::string rule;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  model::MonoTime deadline(const Incident& incident) const;

  model::Duration repeat_interval_;
  std::map<Key, Incident> open_;
  Incident ended_;  // the last one that ended: what `take` points to
  std::uint64_t dropped_ = 0;
};

}  // namespace vakthund::guard
