// How often Vakthund may ask, and how many orders it may send, so that the bot behind the same
// address and on the same account keeps what it needs.
//
// RequestBudget: the exchange allows an address `limit` weight per minute, for all that ask from
// there. Ours stays within a share of it over any sixty seconds; what others use is learned from
// the header of each answer, and when the address as a whole comes near its limit, we wait for the
// next minute. Urgent requests (a kill) may always go, unless the address is banned.
// OrderBudget: the exchange allows an account 300 orders in ten seconds and 1200 in a minute; ours
// are held back so that with the others' they fit, since a refused close is worth less than a late
// one.
//
// `ask` answers with a reason and records the cost when it says `go`. Pure: the caller gives the
// time. Threads: one. Source: binance.md §8 (429, 418, -1015) and §9.
#pragma once

#include <optional>
#include <string_view>

#include "rules/model/decimal.h"
#include "rules/model/time.h"
#include "watchdog/binance/sliding_sum.h"

namespace vakthund::binance {

struct Grant {
  enum class Reason { go, our_share, address_nearly_full, rate_limited, banned, account_full };
  Reason reason = Reason::go;
  model::MonoTime again{};  // when asking again may succeed; with go: now
  bool go() const { return reason == Reason::go; }
};
std::string_view to_string(Grant::Reason reason);

// An instant on our clock and what the exchange's own clock says then: its minutes begin there.
struct Moment {
  model::MonoTime mono;
  model::WallTime exchange;
};

class RequestBudget {
 public:
  static constexpr int kDefaultLimit = 2400;

  static constexpr int kSqueezePercent = 60;
  static constexpr int kFullPercent = 90;
  static constexpr int kLeast = 30;  // positions every 15 s, and the rest seldom
  static constexpr int kForPositions = 60;

  explicit RequestBudget(model::Decimal share_ratio) : share_ratio_(share_ratio) {}
  void set_limit(int weight_per_minute);

  // For its rounds of positions (5 each) and lists (40 each) 180, and for each symbol 10: two
  // cancels, one look at an order, its trades (5), and its part of two batches (5 for five orders).
  static int weight_of_kill(std::size_t symbols);
  void hold_back_for_kill(std::size_t symbols) { kill_symbols_ = symbols; }
  int held_back() const;

  Grant ask(int weight, bool urgent, Moment now);
  // For what the schedule wants: leaves room for positions, and background reads leave a sixteenth
  // of the share to the plan; of what others leave us (`allowance`), so that they wait where it is
  // little.
  enum class Kind { positions, plan, background };
  Grant ask_planned(int weight, Kind kind, Moment now);
  // Whether positions read at this pace would be refused in between, as much else was read.
  bool positions_must_slow(double weight_per_minute, model::MonoTime now) const;
  int for_positions() const { return for_positions(share()); }
  // What the header of an answer said; nullopt: it had none.
  void answered(std::optional<int> used_in_minute, Moment now);
  // The answer was 429 (rate limited) or 418 (banned).
  void refused(bool banned, int retry_after_s, model::MonoTime now);

  int limit() const { return limit_; }
  int share() const;                // ours per minute
  int allowance(Moment now) const;  // of it, what others leave us just now
  // `rate_limited` or `banned` and until when; `go`: neither.
  Grant standing(model::MonoTime now) const;
  int ours(model::MonoTime now) const { return ours_.sum(now); }
  int used(Moment now) const;  // by all, in the exchange's current minute, as far as known
  int ours_in_minute(Moment now) const;  // in the exchange's current minute
  int others(Moment now) const;

 private:
  void roll(Moment now);
  static int for_positions(int share);
  int pace_of_others(Moment now) const;
  int pace_of_minute() const;
  int expected_used(Moment now) const;

  model::Decimal share_ratio_;
  int limit_ = kDefaultLimit;
  SlidingSum ours_{std::chrono::minutes(1)};
  // Of ours, what was not urgent: a kill must not use up the reads that come after it.
  SlidingSum planned_{std::chrono::minutes(1)};
  SlidingSum positions_{std::chrono::minutes(1)};  // of what was planned
  std::int64_t minute_ = 0;                        // the exchange's, that the next two are of
  int ours_in_minute_ = 0;
  int used_in_minute_ = 0;       // newest header, and ours since
  std::int64_t told_at_ms_ = 0;  // of that minute: when the header came
  int minute_before_ = 0;        // the others' pace in the minute before, per minute
  std::size_t kill_symbols_ = 0;
  model::MonoTime limited_until_{};
  model::MonoTime banned_until_{};
};

class OrderBudget {
 public:
  static constexpr int kDefaultPer10s = 300;
  static constexpr int kDefaultPerMinute = 1200;

  void set_limits(std::optional<int> per_10s, std::optional<int> per_minute);
  Grant ask(int orders_10s, int orders_1m, model::MonoTime now);
  void answered(std::optional<int> count_10s, std::optional<int> count_1m, model::MonoTime now);
  // The answer was -1015.
  void refused(int retry_after_s, model::MonoTime now);
  // What is left to us, as far as is known: a header that is missing or old takes nothing away.
  int room_10s(model::MonoTime now) const { return ten_seconds_.room(now); }
  int room_1m(model::MonoTime now) const { return minute_.room(now); }
  int ours_10s(model::MonoTime now) const { return ten_seconds_.ours.sum(now); }
  // By all of the account; nullopt: no header told lately.
  std::optional<int> used_10s(model::MonoTime now) const { return ten_seconds_.used(now); }
  std::optional<int> used_1m(model::MonoTime now) const { return minute_.used(now); }
  int limit_10s() const { return ten_seconds_.limit; }
  int limit_1m() const { return minute_.limit; }

 private:
  struct Window {
    model::Duration length;
    int limit;
    SlidingSum ours;
    int others = 0;
    model::MonoTime others_seen{};
    bool told = false;
    std::optional<int> used(model::MonoTime now) const;
    int room(model::MonoTime now) const;
    void learn(std::optional<int> count, model::MonoTime now);
    model::MonoTime again(int orders, model::MonoTime now) const;
  };
  Window ten_seconds_{std::chrono::seconds(10), kDefaultPer10s,
                      SlidingSum(std::chrono::seconds(10))};
  Window minute_{std::chrono::minutes(1), kDefaultPerMinute, SlidingSum(std::chrono::minutes(1))};
  model::MonoTime blocked_until_{};
};

}  // namespace vakthund::binance
