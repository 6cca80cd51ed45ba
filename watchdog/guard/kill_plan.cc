#include "watchdog/guard/kill_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include "rules/attribution.h"

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using model::OrderSource;
using model::PositionKey;

constexpr model::Duration kCancelsLost = 6s;
constexpr model::Duration kProveAgain = 250ms;  // doubles: two whole lists cost 80 of weight
constexpr model::Duration kProveAgainLongest = 8s;
// One proof is made of answers of one moment: what was read while another list could not be is old.
constexpr model::Duration kProofLasts = 5s;
// Positions are flat and the same orders will not go: after so many rounds (about 15 s) the bot is
// stopped all the same, and people are told what is left.
constexpr int kMaxStubborn = 7;

// Client ids of a kill's orders: at most 36 characters with attempt and number.
std::string client_prefix(const KillRecord& record) {
  return std::string(rules::kOwnPrefix) + record.id;
}

}  // namespace

KillPlan::KillPlan(KillRecord record, KillScope scope, Rungs rungs, model::MonoTime read_since)
    : record_(std::move(record)),
      scope_(std::move(scope)),
      read_since_(read_since),
      containment_(scope_.stop_bot ? rungs : Rungs{}, record_.reason,
                   [this](std::string text) { note(text); }),
      closing_(client_prefix(record_), record_.attempt, scope_.only,
               [this](std::string text) { note(text); }) {}

void KillPlan::set_stop_price(const PositionKey& key, model::Decimal price) {
  stop_prices_.insert_or_assign(key, price);
}

void KillPlan::note(std::string text) {
  if (receipt_.timeline.size() == Receipt::kMaxSteps) return;
  receipt_.timeline.push_back({now_.mono - started_, std::move(text)});
}

void KillPlan::begin(const Book& book, model::Now now, Commands& out) {
  now_ = now;
  started_ = now.mono;
  told_stuck_ = now.mono;
  // Each time the switch acts has a receipt of its own.
  receipt_.id =
      record_.attempt > 1 ? fmt::format("{}-{}", record_.id, record_.attempt) : record_.id;
  receipt_.account = book.snapshot().account;
  receipt_.action = scope_.action;
  receipt_.closes = scope_.close;
  receipt_.stops_bot = scope_.stop_bot;
  receipt_.has_container = containment_.stops_anything();
  receipt_.reason = record_.reason;
  receipt_.by = record_.by;
  receipt_.started = now.wall;
  receipt_.container = book.snapshot().container.name;
  note(scope_.action + " begins");
  containment_.pause(now, out);
  phase_ = Phase::containing;
  if (scope_.close) {
    closing_.begin(read_since_);
    const auto asked = book.positions_asked();
    // The read that confirmed the cause is fresh enough to begin with.
    if (asked && *asked >= read_since_) {
      closing_.on(PositionsRead{{}, *asked}, now);
    }
  }
  advance(book, now, out);
}

void KillPlan::on(const Event& event, const Book& book, model::Now now, Commands& out) {
  if (done()) return;
  now_ = now;
  containment_.on(event, now);
  if (scope_.close) closing_.on(event, now);
  if (const auto* read = std::get_if<PositionsRead>(&event)) {
    positions_.answered(read->asked);
  } else if (const auto* orders = std::get_if<OrdersRead>(&event);
             orders && orders->symbol.empty()) {
    (orders->source == OrderSource::algo ? algo_ : regular_).answered(orders->asked);
  } else if (const auto* failed = std::get_if<ReadFailed>(&event)) {
    for (FreshRead* list : {&positions_, &regular_, &algo_}) list->failed(*failed, now.mono);
    if (failed->read.what == Read::What::fills) std::erase(fills_wanted_, failed->read.symbol);
  } else if (const auto* done = std::get_if<OrdersCanceled>(&event)) {
    on_cancel_answer(done->symbol, done->source);
  } else if (const auto* not_done = std::get_if<CancelFailed>(&event)) {
    if (next_step(not_done->error) != Next::let_be) {
      note(fmt::format("cancelling {} orders of {}: {}", to_string(not_done->source),
                       not_done->symbol, not_done->error.message));
    }
    on_cancel_answer(not_done->symbol, not_done->source);
  } else if (const auto* fills = std::get_if<FillsRead>(&event)) {
    for (const model::Fill& fill : fills->fills) closing_.add_fill(fill);
    std::erase(fills_wanted_, fills->symbol);
  }
  advance(book, now, out);
}

void KillPlan::on_cancel_answer(const std::string& symbol, OrderSource source) {
  std::erase(cancels_, CancelOrders{symbol, source});
}

void KillPlan::advance(const Book& book, model::Now now, Commands& out) {
  containment_.advance(now, out);
  tell_uncontained(out);
  while (step(book, now, out)) {
  }
  tell_uncontained(out);
  tell_if_stuck(book, now, out);
}

// One step forward; false: waits for an event or a deadline.
bool KillPlan::step(const Book& book, model::Now now, Commands& out) {
  switch (phase_) {
    case Phase::containing:
    case Phase::closing: {
      if (!scope_.close) {
        phase_ = Phase::stopping;
        containment_.stop(now);
        containment_.advance(now, out);
        return true;
      }
      const bool allowed = containment_.settled(now.mono);
      phase_ = allowed ? Phase::closing : Phase::containing;
      closing_.advance(book, allowed, now, out);
      if (!allowed || !closing_.flat()) return false;
      note("every position read as flat");
      start_clearing(book, now, out);
      return true;
    }
    case Phase::clearing:
      if (reopened(book, now)) return true;
      if (!cancels_.empty() && now.mono < cancels_lost_at_) return false;
      cancels_.clear();
      start_proving(now);
      return true;
    case Phase::proving:
      return proved(book, now, out);
    case Phase::stopping:
      if (!containment_.stopped() && !containment_.resists()) return false;
      if (containment_.stopped() && receipt_.flat) containment_.start_safe_mode(now, out);
      if (!containment_.safe_mode_settled(now.mono)) return false;
      start_accounting(now, out);
      return true;
    case Phase::accounting:
      if (!fills_wanted_.empty() && now.mono < accounting_until_) return false;
      finish(book, now, out);
      return false;
    case Phase::done:
      return false;
  }
  return false;
}

// Protective stops go last: until now they were the net below a close that might have failed.
void KillPlan::start_clearing(const Book& book, model::Now now, Commands& out) {
  phase_ = Phase::clearing;
  cancels_lost_at_ = now.mono + kCancelsLost;
  for (const auto& [name, symbol] : book.snapshot().symbols) {
    // Of one position only its own symbol, and nothing of its sibling in hedge mode.
    if (scope_.only && (name != scope_.only->symbol || !symbol.positions.empty())) continue;
    for (const OrderSource source : {OrderSource::regular, OrderSource::algo}) {
      const bool any =
          std::any_of(symbol.orders.begin(), symbol.orders.end(),
                      [&](const model::Order& order) { return order.id.source == source; });
      if (any) cancels_.push_back({name, source});
    }
  }
  std::string what;
  for (const CancelOrders& cancel : cancels_) {
    out.push_back(cancel);
    what +=
        fmt::format("{}{} ({})", what.empty() ? "" : ", ", cancel.symbol, to_string(cancel.source));
  }
  if (!what.empty()) note("cancelling what is left: " + what);
}

void KillPlan::start_proving(model::Now now) {
  phase_ = Phase::proving;
  const auto pause =
      std::min<model::Duration>(kProveAgain * (1 << std::min(proofs_, 8)) / 2, kProveAgainLongest);
  const auto at = proofs_ == 0 ? now.mono : now.mono + pause;
  ++proofs_;
  for (FreshRead* list : {&positions_, &regular_, &algo_}) list->need_at(at);
}

// A position in scope, though all had been read as flat: by a read or by a stream's word, which a
// fresh read confirms before anything is sent.
bool KillPlan::reopened(const Book& book, model::Now now) {
  const auto positions = book.open_positions();
  const bool open = std::any_of(positions.begin(), positions.end(), [&](const auto* position) {
    return !scope_.only || position->key() == *scope_.only;
  });
  if (!open) return false;
  cancels_.clear();
  phase_ = Phase::closing;
  closing_.begin(now.mono);
  return true;
}

// What must be gone: every order, or those of the one symbol when its sibling is not open either.
std::set<model::OrderId> KillPlan::orders_in_scope(const Book& book) const {
  std::set<model::OrderId> ids;
  for (const auto& [name, symbol] : book.snapshot().symbols) {
    if (scope_.only && (name != scope_.only->symbol || !symbol.positions.empty())) continue;
    for (const model::Order& order : symbol.orders) ids.insert(order.id);
  }
  return ids;
}

bool KillPlan::proved(const Book& book, model::Now now, Commands& out) {
  if (reopened(book, now)) return true;
  for (FreshRead* list : {&positions_, &regular_, &algo_}) list->advance(now.mono, out);
  if (!positions_.satisfied() || !regular_.satisfied() || !algo_.satisfied()) return false;
  if (now.mono - positions_.since() > kProofLasts) {
    start_proving(now);
    return true;
  }

  const std::set<model::OrderId> listed = orders_in_scope(book);
  stubborn_rounds_ = listed == stubborn_ ? stubborn_rounds_ + 1 : 1;
  stubborn_ = listed;
  if (!listed.empty() && stubborn_rounds_ < kMaxStubborn) {
    start_clearing(book, now, out);
    return true;
  }
  if (!listed.empty()) {
    note("positions are flat, but an order cannot be cancelled");
  } else {
    receipt_.flat = true;
    receipt_.flat_after = now.mono - started_;
    note(scope_.only ? scope_.only->symbol + " proven flat, no order left in either list"
                     : "proven flat: no position, no order in either list");
  }
  if (scope_.stop_bot) {
    phase_ = Phase::stopping;
    containment_.stop(now);
    containment_.advance(now, out);
  } else {
    start_accounting(now, out);
  }
  return true;
}

void KillPlan::start_accounting(model::Now now, Commands& out) {
  phase_ = Phase::accounting;
  accounting_until_ = now.mono + kAccountingLimit;
  std::set<std::string> symbols;
  for (const ClosedPosition& closed : closing_.closed()) {
    const model::MaybeDecimal filled = closed.filled_quantity();
    if (closed.orders > 0 && (!filled || *filled < closed.position.quantity.abs())) {
      symbols.insert(closed.position.symbol);
    }
  }
  fills_wanted_.assign(symbols.begin(), symbols.end());
  for (const std::string& symbol : fills_wanted_) {
    out.push_back(Read{Read::What::fills, symbol, {}, receipt_.started - 5s, true});
  }
}

void KillPlan::finish(const Book& book, model::Now now, Commands& out) {
  phase_ = Phase::done;
  receipt_.took = now.mono - started_;
  receipt_.bot_stopped = scope_.stop_bot && containment_.stops_anything() && containment_.stopped();
  receipt_.positions = closing_.closed();
  for (ClosedPosition& closed : receipt_.positions) {
    const auto stop = stop_prices_.find(closed.position.key());
    if (stop != stop_prices_.end()) closed.stop_price = stop->second;
  }
  receipt_.left = left(book);
  note(fmt::format("{} ends{}", scope_.action, receipt_.left.empty() ? "" : ", not all done"));
  if (scope_.latch) {
    record_.state = KillRecord::State::latched;
    out.push_back(SaveKill{record_});
  }
  Alert alert;
  alert.event = "kill.finished";
  alert.incident = record_.id;
  alert.severity = model::Severity::critical;
  alert.title =
      fmt::format("{}: {} in {}{}", scope_.action,
                  scope_.close ? (receipt_.flat ? "flat" : "NOT FLAT") : "positions untouched",
                  model::to_text(receipt_.flat_after.value_or(receipt_.took)),
                  !scope_.stop_bot                 ? ""
                  : receipt_.bot_stopped           ? ", bot stopped"
                  : !containment_.stops_anything() ? ", no container of the bot's to stop"
                                                   : ", bot NOT STOPPED");
  alert.text = receipt_text(receipt_);
  alert.detail_json = receipt_json(receipt_);
  out.push_back(std::move(alert));
  out.push_back(Record{"kill.finished", receipt_.id, receipt_json(receipt_)});
}

std::optional<model::MonoTime> KillPlan::next_deadline() const {
  if (done()) return std::nullopt;
  std::optional<model::MonoTime> next = told_stuck_ + tell_stuck_after_;
  const auto sooner = [&](std::optional<model::MonoTime> at) {
    if (at && *at < *next) next = at;
  };
  sooner(containment_.next_deadline(now_.mono));
  switch (phase_) {
    case Phase::containing:
      sooner(closing_.next_deadline(false));
      break;
    case Phase::closing:
      sooner(closing_.next_deadline(true));
      break;
    case Phase::clearing:
      sooner(cancels_lost_at_);
      break;
    case Phase::proving:
      for (const FreshRead* list : {&positions_, &regular_, &algo_}) sooner(list->next_deadline());
      break;
    case Phase::accounting:
      sooner(accounting_until_);
      break;
    case Phase::stopping:
    case Phase::done:
      break;
  }
  return next;
}

}  // namespace vakthund::guard
