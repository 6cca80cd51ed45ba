// All judgement about one account: `guard.on(events, now) -> commands`.
//
// It has no thread, no I/O, no clock and no log. It puts events into the book, judges the symbols
// they touched, lets findings live as incidents, decides what is done, and drives the kill. The
// same object runs in the daemon, in `check`, and in the simulated worlds of the tests.
//
// Order of commands is the order in which they must be begun: the switch's durable state before
// what it announces, containment before orders.
//
// Invariants: in `observe` nothing that changes anything is commanded unless a person asked for a
// kill; every order is a ReducingOrder; before a rule acts, positions are read afresh and the rule
// judged once more; unknown never counts as open nor as flat.
// Threads: none of its own; one at a time.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "rules/custom_sql.h"
#include "rules/policy.h"
#include "watchdog/guard/book.h"
#include "watchdog/guard/incidents.h"
#include "watchdog/guard/kill_plan.h"
#include "watchdog/guard/latch_voice.h"
#include "watchdog/guard/ledger.h"
#include "watchdog/guard/readiness_probe.h"

namespace vakthund::guard {

struct GuardSettings {
  std::string account;
  bool armed = false;  // mode: armed
  rules::RuleSettings rules;
  Freshnesses freshnesses;
  model::Duration repeat_interval = std::chrono::hours(4);
  bool has_container = false;  // or a unit: `rungs` says which
  Rungs rungs;                 // the rest of what contains the bot; its `container` is not read
  bool has_bot_api = false;
  bool has_journal = false;
  std::vector<std::string> bot_client_ids;  // what the bot's client ids begin with; empty: not told
  // It goes on looking: follows the streams and the trades, keeps the account's books and probes
  // whether a kill would work. A single look can do none of it.
  bool watches = false;
};

class Guard {
 public:
  explicit Guard(GuardSettings settings);

  // All events that are waiting, in their order; then one judgement of what they touched.
  Commands on(std::span<const Event> events, model::Now now);
  Commands on(const Event& event, model::Now now) { return on(std::span(&event, 1), now); }
  // When a Tick is due, if nothing else happens before. nullopt: not at all.
  std::optional<model::MonoTime> next_deadline() const;
  // New rules and mode from here on, for open incidents too at their next judgement: those of rules
  // that are disabled now end there, and what fires and was only told of is acted on where the new
  // settings say so.
  void reconfigure(GuardSettings settings);

  const GuardSettings& settings() const { return settings_; }
  const model::Snapshot& snapshot() const { return book_.snapshot(); }
  const Book& book() const { return book_; }
  const Incidents& incidents() const { return incidents_; }
  const KillRecord& kill_record() const { return kill_; }
  // The plan that runs, or the last one; nullptr: none since start.
  const KillPlan* plan() const { return plan_.get(); }
  // Why a rearm would be refused just now; empty: it would not.
  std::string rearm_refusal(bool force) const;
  // Every verdict as of `now`, `for` left aside: what `check` and `status` print.
  std::vector<rules::Judged> judge_all(model::Now now);

 private:
  struct PendingAction {
    std::string rule;
    model::PositionKey key;
    KillScope scope;
    std::string reason;
    model::MonoTime since{};  // only a read of positions asked for since then confirms it
  };
  void take(const Event& event, model::Now now, Book::Touched& touched, Commands& out);
  // guard_judging.cc
  void note_due(model::Now now, Book::Touched& touched) const;
  void judge(const Book::Touched& touched, model::Now now, Commands& out);
  void judge_symbol(const model::SymbolBook& book, model::Now now, Commands& out);
  void judge_account(model::Now now, Commands& out);
  void judge_custom(const Book::Touched& touched, model::Now now, Commands& out);
  std::optional<model::MonoTime> next_custom() const;
  void tell_round(Judgement judgement, std::string_view symbol, model::Now now, Commands& out);
  void tell(const Incidents::Outcome& outcome, model::Now now, Commands& out);
  void tell_ended(const Incident& incident, model::Now now, Commands& out);
  void act_after_reload(const Incident& incident, model::Now now, Commands& out);
  // guard.cc
  void want_action(const Incident& incident, model::Now now, Commands& out);
  void act_if_confirmed(model::Now now, Commands& out);
  bool is_confirmed(const PendingAction& action) const;
  bool may_start(const PendingAction& action) const;
  // guard_latch.cc
  struct Stir {
    std::string kind;  // position, order or container: each is told of apart
    std::string text;  // empty: nothing stirs
  };
  Stir what_stirs() const;
  Stir order_that_stirs() const;
  void tripwire(model::Now now, Commands& out);
  void hush(std::size_t from, model::Now now, Commands& out);
  void start(KillScope scope, std::string by, std::string reason, model::MonoTime read_since,
             model::Now now, Commands& out);
  void ask_kill(const KillAsked& event, model::Now now, Commands& out);
  void rearm(const RearmAsked& event, model::Now now, Commands& out);
  void restore(const Restored& event, model::Now now, Commands& out);
  void keep_books(const Event& event, model::Now now, Book::Touched& touched, Commands& out);
  void probe(model::Now now, Commands& out);
  void watch(Commands& out);
  void after_plan(model::Now now);

  GuardSettings settings_;
  Book book_;
  Ledger ledger_;
  ReadinessProbe probe_;
  Incidents incidents_;
  std::vector<rules::Judged> judged_;  // kept for its memory
  KillRecord kill_;
  std::unique_ptr<KillPlan> plan_;
  std::vector<PendingAction> pending_;
  // Firing while the settings before a reload let nothing be done: rule and position.
  std::set<std::pair<std::string, model::PositionKey>> told_only_;
  FreshRead confirm_{Read::What::positions};
  bool cannot_confirm_told_ = false;
  model::MonoTime account_judged_{};
  rules::CustomRules custom_;
  bool custom_changed_ = false;  // something has happened since they were judged
  model::MonoTime custom_judged_{};
  model::MonoTime judged_at_{};
  bool tripped_ = false;  // latched, and something stirs: waits for a fresh read
  model::MonoTime tripwire_not_before_{};
  LatchVoice voice_;
  bool hushed_ = false;        // what the latch's present plan does was told before
  bool last_clean_ = true;     // the last plan left nothing
  bool keeps_policy_ = false;  // Ladder::keeps_policy
  Watch watched_;
};

}  // namespace vakthund::guard
