// What each answer means for the position it was about, by the table (reply_table.h).

#include <fmt/format.h>

#include <algorithm>

#include "watchdog/guard/closing.h"

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using model::Duration;

constexpr Duration kLookupPause = 300ms;
constexpr int kLookups = 4;
constexpr std::size_t kMaxOrderIds = 10'000;  // beyond it the receipt misses fills, nothing else

}  // namespace

void Closing::on(const Event& event, model::Now now) {
  if (const auto* read = std::get_if<PositionsRead>(&event)) {
    positions_.answered(read->asked);
    taken_ = false;
    read_trouble_.clear();
  } else if (const auto* read_failed = std::get_if<ReadFailed>(&event)) {
    on_read_failure(*read_failed, now);
  } else if (const auto* filters = std::get_if<FiltersRead>(&event)) {
    filters_.answered(filters->asked);
  } else if (const auto* mode = std::get_if<AccountConfigRead>(&event)) {
    mode_.answered(mode->asked);
  } else if (const auto* placed = std::get_if<OrderPlaced>(&event)) {
    learn_id(placed->client_id, placed->order);
    on_order(placed->client_id, placed->order, now);
  } else if (const auto* found = std::get_if<OrderRead>(&event)) {
    learn_id(found->client_id, found->order);
    on_order(found->client_id, found->order, now);
  } else if (const auto* changed = std::get_if<OrderChanged>(&event)) {
    learn_id(changed->order.client_id, changed->order);
    if (!changed->order.is_open()) on_order(changed->order.client_id, changed->order, now);
  } else if (const auto* failed = std::get_if<OrderFailed>(&event)) {
    on_failure(*failed, now);
  } else if (const auto* none = std::get_if<OrderUnknown>(&event)) {
    on_no_such_order(none->client_id, now);
  } else if (const auto* done = std::get_if<OrdersCanceled>(&event)) {
    if (done->source == model::OrderSource::regular) canceled(done->symbol);
  } else if (const auto* not_done = std::get_if<CancelFailed>(&event)) {
    // The close is tried all the same; if the orders are in its way it says so.
    if (not_done->source == model::OrderSource::regular) canceled(not_done->symbol);
  } else if (const auto* fill = std::get_if<FillSeen>(&event)) {
    add_fill(fill->fill);
  }
}

void Closing::on_read_failure(const ReadFailed& event, model::Now now) {
  positions_.failed(event, now.mono);
  filters_.failed(event, now.mono);
  mode_.failed(event, now.mono);
  if (event.read.what == Read::What::positions) read_trouble_ = event.error.message;
  if (event.read.what != Read::What::order) return;
  const auto [leg, sent] = find(event.read.client_id);
  if (sent && sent->unknown) give_up_lookup(*leg, *sent, now);
}

// After kLookups the position alone decides: the order can only reduce, so sending again what is
// still open does no harm.
void Closing::give_up_lookup(Leg& leg, SentOrder& sent, model::Now now) {
  sent.asked = false;
  sent.next_lookup = now.mono + kLookupPause * ++sent.lookups;
  if (sent.lookups < kLookups) return;
  sent.unknown = false;
  sent.answered = true;
  settle(leg, now);
}

void Closing::on_no_such_order(const std::string& client_id, model::Now now) {
  const auto [leg, sent] = find(client_id);
  // Once may be a lagging read (binance.md §8, -2013).
  if (sent && sent->unknown) {
    sent->lookups = std::max(sent->lookups, kLookups - 2);
    give_up_lookup(*leg, *sent, now);
  }
}

void Closing::on_order(const std::string& client_id, const model::Order& order, model::Now now) {
  const auto [leg, sent] = find(client_id);
  if (!sent) return;
  sent->filled = sent->filled || order.status == model::OrderStatus::filled;
  // Nothing more within its bound (er 9): the remainder has expired.
  sent->fell_short = sent->fell_short || order.status == model::OrderStatus::expired ||
                     order.status == model::OrderStatus::expired_in_match;
  if (sent->answered) return;
  leg->needs_person = false;
  sent->answered = true;
  sent->unknown = false;
  settle(*leg, now);
}

void Closing::learn_id(const std::string& client_id, const model::Order& order) {
  const bool ours = order.id.id != 0 && client_id.starts_with(kill_prefix_);
  if (ours && order_ids_.size() < kMaxOrderIds) order_ids_.insert(order.id.id);
}

void Closing::on_failure(const OrderFailed& event, model::Now now) {
  const auto [leg, sent] = find(event.client_id);
  if (!sent || sent->answered) return;
  const Error& failure = event.error;
  const Next next = next_step(failure);
  if (is_key_refusal(failure)) key_refusal_ = failure.message;
  leg->trouble = failure.message;
  note_(fmt::format("{}: {} ({}): {}", sent->symbol, failure.message, to_string(failure.kind),
                    step_of(next).name));
  if (next == Next::verify) {
    sent->unknown = true;
    sent->next_lookup = now.mono;
    return;
  }
  sent->answered = true;
  sent->fell_short = next == Next::thin_book;
  leg->needs_person = false;
  leg->heed(next, failure, now.mono);
  begin_reads(next, now.mono);
  // The firewall's word is for one request; every other limit is the account's or the address's.
  constexpr int kFirewall = 403;
  if (next == Next::wait_as_told && failure.code != kFirewall) {
    nobody_before_ = std::max(nobody_before_, leg->next_try);
  }
  settle(*leg, now);
}

void Closing::begin_reads(Next next, model::MonoTime now) {
  if (next == Next::fit_filters) filters_.need(now);
  if (next == Next::read_mode) mode_.need(now);
}

void Closing::settle(Leg& leg, model::Now now) {
  if (!leg.all_answered() || leg.state != Leg::State::sent) return;
  leg.state = Leg::State::reading_back;
  leg.answered_at = now.mono;
}

std::pair<Leg*, SentOrder*> Closing::find(const std::string& client_id) {
  for (auto& [key, leg] : legs_) {
    const auto at = leg.sent.find(client_id);
    if (at != leg.sent.end()) return {&leg, &at->second};
  }
  return {nullptr, nullptr};
}

void Closing::add_fill(const model::Fill& fill) {
  for (ClosedPosition& closed : closed_) {
    const bool ours = fill.symbol == closed.position.symbol &&
                      fill.position_side == closed.position.position_side &&
                      fill.side == closed.position.closing_side() &&
                      (fill.client_id.starts_with(kill_prefix_) ||
                       (fill.client_id.empty() && order_ids_.contains(fill.order_id)));
    if (ours) closed.fills.emplace(fill.trade_id, fill);
  }
}

}  // namespace vakthund::guard
