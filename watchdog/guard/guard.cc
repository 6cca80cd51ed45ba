#include "watchdog/guard/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "watchdog/guard/advice.h"

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Position;
using model::PositionKey;
using model::SymbolBook;

constexpr int kToldConfirmFailures = 3;

std::pair<std::string, PositionKey> name_of(const Incident& incident) {
  const model::Finding& finding = incident.finding;
  return {finding.rule, {finding.symbol, finding.position_side}};
}

void expect_feeds(Book& book, const GuardSettings& settings) {
  if (settings.has_bot_api) {
    book.expect(Feed::bot_health);
    book.expect(Feed::bot_positions);
  }
  if (settings.has_journal) book.expect(Feed::journal);
  if (settings.has_container) {
    book.expect(Feed::container);
    book.expect(Feed::container_log, !settings.rungs.unit);
  }
  for (const Feed feed : {Feed::private_stream, Feed::market_stream, Feed::trades, Feed::income,
                          Feed::exchange, Feed::readiness}) {
    book.expect(feed, settings.watches);
  }
}

Rungs rungs(const GuardSettings& settings) {
  Rungs rungs = settings.rungs;
  rungs.container = settings.has_container;
  return rungs;
}

bool changes_orders(const Event& event) {
  return !std::holds_alternative<MarkPrices>(event) && !std::holds_alternative<LastPrices>(event);
}

}  // namespace

Guard::Guard(GuardSettings settings)
    : settings_(std::move(settings)),
      book_(settings_.account, settings_.freshnesses),
      incidents_(settings_.repeat_interval),
      custom_(settings_.rules.custom) {
  expect_feeds(book_, settings_);
  book_.set_bot_client_ids(settings_.bot_client_ids);
}

void Guard::reconfigure(GuardSettings settings) {
  VAKTHUND_ASSERT(settings.account == settings_.account);
  for (const Incident* incident : incidents_.open()) {
    const bool firing = incident->state == Incident::State::firing;
    if (firing && !acts(incident->policy, settings_.armed)) told_only_.insert(name_of(*incident));
  }
  settings_ = std::move(settings);
  rules::CustomRules custom(settings_.rules.custom);
  custom.inherit(custom_);
  custom_ = std::move(custom);
  custom_judged_ = {};
  custom_changed_ = true;
  expect_feeds(book_, settings_);
  book_.set_bot_client_ids(settings_.bot_client_ids);
}

Commands Guard::on(std::span<const Event> events, model::Now now) {
  Commands out;
  Book::Touched touched;
  bool rewatch = false;
  for (const Event& event : events) {
    take(event, now, touched, out);
    rewatch = rewatch || changes_orders(event);
  }
  book_.set_time(now);
  book_.set_switch(settings_.armed, kill_.state == KillRecord::State::latched);
  judge(touched, now, out);
  act_if_confirmed(now, out);
  tripwire(now, out);
  if (settings_.watches) probe(now, out);
  confirm_.advance(now.mono, out);
  if (rewatch) watch(out);
  return out;
}

void Guard::take(const Event& event, model::Now now, Book::Touched& touched, Commands& out) {
  book_.apply(event, now, touched);
  if (settings_.watches) keep_books(event, now, touched, out);
  if (const auto* read = std::get_if<PositionsRead>(&event)) {
    confirm_.answered(read->asked);
  } else if (const auto* failed = std::get_if<ReadFailed>(&event)) {
    confirm_.failed(*failed, now.mono);
  } else if (const auto* killed = std::get_if<KillAsked>(&event)) {
    ask_kill(*killed, now, out);
  } else if (const auto* rearmed = std::get_if<RearmAsked>(&event)) {
    rearm(*rearmed, now, out);
  } else if (const auto* restored = std::get_if<Restored>(&event)) {
    restore(*restored, now, out);
  } else if (const auto* drills = std::get_if<DrillsRead>(&event)) {
    book_.set_drills({true, drills->last});
    touched.account = true;
  } else if (std::holds_alternative<Tick>(event)) {
    note_due(now, touched);
  }
  if (plan_ && !plan_->done()) {
    const std::size_t from = out.size();
    plan_->on(event, book_, now, out);
    hush(from, now, out);
    after_plan(now);
  }
}

void Guard::keep_books(const Event& event, model::Now now, Book::Touched& touched, Commands& out) {
  if (const auto* income = std::get_if<IncomeRead>(&event)) book_.income_seen(income->asked);
  probe_.on(event, book_);
  if (!ledger_.on(event, now, out)) return;
  book_.set_ledger(ledger_.day(), ledger_.baseline());
  touched.account = true;
}

// Last of all: whatever acts goes before it.
void Guard::probe(model::Now now, Commands& out) {
  const bool held_back = (plan_ && !plan_->done()) || !pending_.empty();
  auto readiness = probe_.advance(book_, held_back, settings_.has_container, now, out);
  if (!readiness) return;
  book_.set_readiness(std::move(*readiness), now.mono);
  judge_account(now, out);
}

void Guard::want_action(const Incident& incident, model::Now now, Commands& out) {
  if (!acts(incident.policy, settings_.armed)) return;
  if (plan_ && !plan_->done() && plan_->scope().latch) return;  // the kill under way covers it
  const PositionKey key{incident.finding.symbol, incident.finding.position_side};
  pending_.push_back({incident.finding.rule, key, scope_of(incident.policy.action, key),
                      incident.finding.message, now.mono});
  out.push_back(Record{
      "action.wanted", incident.id,
      fmt::format("{}: one fresh read of positions before it", to_string(incident.policy.action))});
  confirm_.need(now.mono);
}

// The finding may rest on a stream alone: only a read that was asked for after it confirms it.
// Where the verdict has become unknown the action waits for data; where it is clear it is dropped.
void Guard::act_if_confirmed(model::Now now, Commands& out) {
  std::erase_if(pending_, [&](const PendingAction& action) {
    const Incident* incident = incidents_.find(action.rule, action.key);
    const bool holds = incident && incident->state == Incident::State::firing;
    if (holds && acts(incident->policy, settings_.armed)) return false;
    out.push_back(Record{"action.dropped", "", action.reason + " (no longer so)"});
    return true;
  });
  if (pending_.empty()) return;
  if (!confirm_.satisfied() && confirm_.failures() >= kToldConfirmFailures &&
      !cannot_confirm_told_) {
    cannot_confirm_told_ = true;
    out.push_back(cannot_confirm_alert(pending_.front().reason,
                                       book_.snapshot().feed(Feed::positions).trouble));
  }
  if (confirm_.satisfied()) cannot_confirm_told_ = false;
  // The widest first: what it closes needs nothing more.
  std::sort(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
    return a.scope.latch > b.scope.latch ||
           (a.scope.latch == b.scope.latch && !a.scope.only && b.scope.only);
  });
  std::vector<PendingAction> waiting;
  for (PendingAction& action : std::exchange(pending_, {})) {
    const bool covered = plan_ && !plan_->done() && plan_->scope().latch;
    if (covered) continue;
    if (may_start(action) && is_confirmed(action)) {
      start(std::move(action.scope), "rule " + action.rule, action.reason, action.since, now, out);
    } else {
      waiting.push_back(std::move(action));
    }
  }
  pending_ = std::move(waiting);
  const bool stale = std::any_of(pending_.begin(), pending_.end(), [&](const auto& action) {
    return may_start(action) && !is_confirmed(action);
  });
  if (stale && confirm_.satisfied()) confirm_.need(now.mono);
}

// One action at a time, but a kill waits for nothing less than a kill.
bool Guard::may_start(const PendingAction& action) const {
  const Incident* incident = incidents_.find(action.rule, action.key);
  if (!incident || !incident->breached_now) return false;
  return !plan_ || plan_->done() || (action.scope.latch && !plan_->scope().latch);
}

bool Guard::is_confirmed(const PendingAction& action) const {
  const auto asked = book_.positions_asked();
  return asked && *asked >= action.since;
}

void Guard::start(KillScope scope, std::string by, std::string reason, model::MonoTime read_since,
                  model::Now now, Commands& out) {
  KillRecord record = kill_;
  ++record.attempt;
  if (record.id.empty() || !scope.latch) {
    record.id = fmt::format("K{}", model::epoch_ms(now.wall));
    record.attempt = 1;
    record.started = now.wall;
    record.by = by;
    record.reason = reason;
  }
  record.state = scope.latch ? KillRecord::State::killing : kill_.state;
  if (scope.latch) {
    kill_ = record;
    out.push_back(SaveKill{kill_});
  }
  out.push_back(
      Record{"kill.intent", record.id, fmt::format("{} by {}: {}", scope.action, by, reason)});
  record.by = std::move(by);
  record.reason = std::move(reason);
  const std::size_t from = out.size();
  out.push_back(started_alert(record, scope));
  plan_ = std::make_unique<KillPlan>(record, scope, rungs(settings_), read_since);
  for (const Position* position : book_.open_positions()) {
    const SymbolBook& symbol = *book_.snapshot().symbol(position->symbol);
    if (const auto stop = nearest_stop(book_.snapshot(), symbol, *position)) {
      plan_->set_stop_price(position->key(), *stop);
    }
  }
  plan_->begin(book_, now, out);
  hush(from, now, out);
  after_plan(now);
}

void Guard::after_plan(model::Now now) {
  if (!plan_->done()) return;
  if (plan_->scope().latch) {
    kill_.state = KillRecord::State::latched;
    keeps_policy_ = keeps_policy_ || plan_->containment().keeps_policy();
    // What could not be done is not tried again every second.
    tripwire_not_before_ = now.mono + (plan_->receipt().left.empty() ? std::chrono::seconds(2)
                                                                     : std::chrono::seconds(30));
  }
}

void Guard::ask_kill(const KillAsked& event, model::Now now, Commands& out) {
  if (plan_ && !plan_->done() && plan_->scope().latch) {
    out.push_back(Record{"kill.asked", kill_.id, "already under way; asked by " + event.by});
    return;
  }
  pending_.clear();
  start(KillScope{}, event.by, event.reason.empty() ? "a person asked for it" : event.reason,
        now.mono, now, out);
}

void Guard::restore(const Restored& event, model::Now now, Commands& out) {
  kill_ = event.kill;
  if (kill_.state != KillRecord::State::killing) return;
  start(KillScope{}, kill_.by, kill_.reason + " (resumed after a restart)", now.mono, now, out);
}

void Guard::watch(Commands& out) {
  Watch wanted;
  for (const auto& [name, book] : book_.snapshot().symbols) {
    if (book.positions.empty() && book.orders.empty()) continue;
    wanted.symbols.push_back(name);
    if (!book.positions.empty()) wanted.position_symbols.push_back(name);
    if (follows_last_price(book)) wanted.last_price_symbols.push_back(name);
  }
  if (wanted == watched_) return;
  watched_ = wanted;
  out.push_back(std::move(wanted));
}

std::optional<model::MonoTime> Guard::next_deadline() const {
  std::optional<model::MonoTime> next = incidents_.next_deadline();
  const auto sooner = [&](std::optional<model::MonoTime> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  if (plan_) sooner(plan_->next_deadline());
  sooner(confirm_.next_deadline());
  if (settings_.watches) sooner(probe_.next_deadline());
  if (!tripped_ && !what_stirs().text.empty()) sooner(tripwire_not_before_);
  sooner(book_.next_stale(book_.snapshot().time.mono));
  sooner(next_custom());
  return next;
}

}  // namespace vakthund::guard
