// The latch: what stirs while the switch is pulled, what is told of it, and how it is released.

#include <fmt/format.h>

#include "rules/orphan_order.h"
#include "watchdog/guard/advice.h"
#include "watchdog/guard/guard.h"

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Order;
using model::Position;

constexpr std::string_view kLatched = "although the switch is latched";

std::string describe(const Order& order) {
  return fmt::format("{} {} {} {} ({} {})", order.symbol, order.type.text(), to_string(order.side),
                     to_text(order.quantity), to_string(order.id.source), order.id.id);
}

}  // namespace

// What is not as a latched switch wants it, as far as fresh facts say.
Guard::Stir Guard::what_stirs() const {
  const bool busy = plan_ && !plan_->done();
  if (kill_.state != KillRecord::State::latched || busy) return {};
  const model::Snapshot& snapshot = book_.snapshot();
  const auto positions = book_.open_positions();
  if (!positions.empty() && snapshot.fresh(Feed::positions)) {
    const Position& position = *positions.front();
    return {"position",
            fmt::format("{} {} is open {}", position.symbol, position.side(), kLatched)};
  }
  if (Stir order = order_that_stirs(); !order.text.empty()) return order;
  const model::Container& container = snapshot.container;
  if (!settings_.has_container || !snapshot.fresh(Feed::container)) return {};
  const std::string_view noun = settings_.rungs.unit ? "unit" : "container";
  if (runs(container)) {
    return {"container", fmt::format("the {} {} is {} {}", noun, container.name,
                                     container.status.text(), kLatched)};
  }
  if (may_restart(container) && !keeps_policy_) {
    return {"container", fmt::format("the {} {} may restart ({}) {}", noun, container.name,
                                     container.restart_policy, kLatched)};
  }
  return {};
}

// Only one that could open: a stop that protects a position is none, and goes with it.
Guard::Stir Guard::order_that_stirs() const {
  const model::Snapshot& snapshot = book_.snapshot();
  if (!snapshot.fresh(Feed::positions)) return {};
  for (const auto& [name, book] : snapshot.symbols) {
    for (const Order& order : book.orders) {
      const Feed list =
          order.id.source == model::OrderSource::algo ? Feed::algo_orders : Feed::regular_orders;
      const bool believed = snapshot.fresh(Feed::private_stream) || snapshot.fresh(list);
      if (!believed || !rules::could_open(order, book)) continue;
      return {"order",
              fmt::format("the order {} could open a position {}", describe(order), kLatched)};
    }
  }
  return {};
}

// While latched the account stays flat and the bot down (product.md §5).
void Guard::tripwire(model::Now now, Commands& out) {
  if (now.mono < tripwire_not_before_) return;
  const Stir stirs = what_stirs();
  if (stirs.text.empty()) {
    tripped_ = false;
    return;
  }
  if (!tripped_) {
    tripped_ = true;
    confirm_.need(now.mono);
    return;
  }
  if (!confirm_.satisfied()) return;
  tripped_ = false;
  const std::optional<int> silent = voice_.speak(stirs.kind, now.mono);
  hushed_ = !silent;
  if (silent) {
    out.push_back(stirred_alert(kill_.id, stirs.text, *silent));
  } else {
    out.push_back(Record{"latch.stirred", kill_.id, stirs.text});
  }
  start(KillScope{}, "latch", stirs.text, confirm_.since(), now, out);
}

// What stirs again and again, or resists for hours, is not told every time: what was done about it
// stands in the journal, and each kind is told again with growing pauses, or when the outcome is
// another one.
void Guard::hush(std::size_t from, model::Now now, Commands& out) {
  const bool latch = plan_->record().by == "latch";
  const bool clean = plan_->receipt().left.empty();
  const auto drop = [&](const Command& command) {
    const auto* alert = std::get_if<Alert>(&command);
    if (!alert) return false;
    if (alert->event == "kill.started") return latch;  // latch.stirred has said it
    if (!latch || !hushed_) return false;
    const bool news = alert->event == "kill.finished" && clean != last_clean_;
    const std::string kind = alert->event != "kill.finished" ? alert->event
                             : clean                         ? "done"
                                                             : "not done";
    if (alert->event == "kill.finished" && !news && clean) return true;
    return !voice_.speak(kind, now.mono).has_value();
  };
  out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), drop),
            out.end());
  if (plan_->done()) last_clean_ = clean;
}

void Guard::rearm(const RearmAsked& event, model::Now now, Commands& out) {
  if (const std::string refusal = rearm_refusal(event.force); !refusal.empty()) {
    out.push_back(Record{"rearm.refused", kill_.id, refusal});
    return;
  }
  // A drawdown that was accepted by force must not pull the switch again after the next restart.
  if (event.force && settings_.watches) {
    ledger_.begin_anew(now, out);
    book_.set_ledger(ledger_.day(), ledger_.baseline());
  }
  if (kill_.state == KillRecord::State::armed) return;
  const std::string id = kill_.id;
  kill_ = KillRecord{};
  tripped_ = keeps_policy_ = false;
  voice_ = {};
  pending_.clear();
  out.push_back(SaveKill{kill_});
  out.push_back(Record{"rearm", id, "by " + event.by});
  out.push_back(rearmed_alert(id, event.by));
}

std::string Guard::rearm_refusal(bool force) const {
  if (plan_ && !plan_->done()) return "a kill is under way: wait until it is finished";
  if (force) return "";
  constexpr std::string_view kForce =
      "; when you have seen to it, `vakthund rearm --force` (API: \"force\": true) releases it all "
      "the "
      "same";
  for (const Incident* incident : incidents_.open()) {
    if (incident->state == Incident::State::firing && acts(incident->policy, settings_.armed)) {
      return fmt::format("its cause still holds: {}{}", incident->finding.message, kForce);
    }
  }
  const Stir stirs = what_stirs();
  return stirs.text.empty() ? "" : fmt::format("it still stirs: {}{}", stirs.text, kForce);
}

}  // namespace vakthund::guard
