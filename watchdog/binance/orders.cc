#include "watchdog/binance/orders.h"

#include <algorithm>

#include "watchdog/binance/decode.h"

namespace vakthund::binance {
namespace {

using guard::Event;

guard::OrderFailed unreadable(const guard::ReducingOrder& order, const std::string& why) {
  return {order.client_id(), error(ErrorKind::unknown, "the reply to the order cannot be read (" +
                                                           why + "): it may have been executed")};
}

Event batch_event(const guard::ReducingOrder& order, const BatchReply* reply,
                  model::WallTime exchange_time) {
  if (reply == nullptr) return unreadable(order, "it is missing in the batch");
  if (reply->order) return guard::OrderPlaced{order.client_id(), *reply->order};
  if (reply->code == 0) return unreadable(order, "no order and no code");
  return guard::OrderFailed{order.client_id(),
                            to_error(reply->code, reply->message, Effect::changes, exchange_time)};
}

// Replies come in request order (§4), but a reply that names another order is not taken for ours.
const BatchReply* reply_for(const std::vector<BatchReply>& replies, std::size_t index,
                            const std::string& client_id) {
  for (const BatchReply& reply : replies) {
    if (reply.order && reply.order->client_id == client_id) return &reply;
  }
  if (index >= replies.size()) return nullptr;
  return replies[index].order ? nullptr : &replies[index];
}

}  // namespace

std::vector<Event> placed_events(const std::vector<guard::ReducingOrder>& orders,
                                 std::string_view padded, model::WallTime exchange_time) {
  std::vector<Event> events;
  Notes notes;
  if (orders.size() == 1) {
    model::Order order;
    if (decode_order(padded, order, notes)) {
      events.push_back(guard::OrderPlaced{orders[0].client_id(), std::move(order)});
    } else {
      events.push_back(unreadable(orders[0], notes.reason()));
    }
    return events;
  }
  std::vector<BatchReply> replies;
  const bool readable = decode_batch(padded, replies, notes);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!readable) {
      events.push_back(unreadable(orders[i], notes.reason()));
    } else {
      const BatchReply* reply = reply_for(replies, i, orders[i].client_id());
      events.push_back(batch_event(orders[i], reply, exchange_time));
    }
  }
  return events;
}

void Orders::place(const guard::PlaceOrders& command) {
  const model::MonoTime now = net::Loop::now().mono;
  for (const guard::ReducingOrder& order : command.orders) {
    if (orders_.size() == kMaxWaiting) {
      fail(Pieces{order}, error(ErrorKind::unavailable, "not sent: too many orders are waiting"));
    } else {
      // The largest risk first, also before what has waited longer.
      const auto behind = std::find_if(
          orders_.begin(), orders_.end(),
          [&](const WaitingOrder& waiting) { return waiting.order.risk() < order.risk(); });
      orders_.insert(behind, {order, now});
    }
  }
  flush();
}

void Orders::cancel(const guard::CancelOrders& command) {
  if (cancels_.size() == kMaxWaiting) {
    return fail(command, error(ErrorKind::unavailable, "not sent: too many cancels are waiting"));
  }
  cancels_.push_back({command, net::Loop::now().mono});
  flush();
}

void Orders::flush() {
  constexpr model::Duration kLookAgain = std::chrono::milliseconds(100);
  const model::MonoTime now = net::Loop::now().mono;
  waits_for_ = "every connection is busy";
  if (!rest_.clock().known()) {
    waits_for_ = "the exchange's clock could not be read";
  } else {
    bool orders_may_go = true;
    while (under_way_ < kUnderWay && (orders_may_go || !cancels_.empty())) {
      orders_may_go = orders_may_go && send_orders(now);
      if (!orders_may_go) {
        if (cancels_.empty()) break;
        send_cancel();
      }
    }
  }
  expire(now);
  if (!orders_.empty() || !cancels_.empty()) timer_.at(now + kLookAgain, [this] { flush(); });
}

void Orders::expire(model::MonoTime now) {
  const Error why = error(ErrorKind::unavailable, "not sent: " + waits_for_);
  Pieces late_orders;
  std::erase_if(orders_, [&](const WaitingOrder& waiting) {
    const bool late = now >= waiting.commanded + kPatience;
    if (late) late_orders.push_back(waiting.order);
    return late;
  });
  if (!late_orders.empty()) fail(late_orders, why);
  while (!cancels_.empty() && now >= cancels_.front().commanded + kPatience) {
    const guard::CancelOrders late = cancels_.front().cancel;
    cancels_.pop_front();
    fail(late, why);
  }
}

// One by one where each has a warm connection to itself: nothing then waits for anything else. A
// batch spares connections, and counts once a minute; it counts five in ten seconds whatever it
// holds.
std::size_t Orders::next_size(model::MonoTime now) const {
  constexpr std::size_t kWarm = Rest::kWarmConnections;
  const std::size_t waiting = orders_.size();
  const std::size_t free = kWarm > under_way_ ? kWarm - under_way_ : 1;
  const OrderBudget& budget = rest_.order_budget();
  const bool minute_is_short = budget.room_1m(now) < static_cast<int>(waiting);
  const bool batch_fits = budget.room_10s(now) >= static_cast<int>(kMaxBatch);
  const bool batch = waiting > 1 && batch_fits && (waiting > free || minute_is_short);
  return batch ? std::min(waiting, kMaxBatch) : 1;
}

// One request of the orders that wait. False: none waits, or the account's limit says no.
bool Orders::send_orders(model::MonoTime now) {
  if (orders_.empty()) return false;
  const std::size_t size = next_size(now);
  const Grant grant = rest_.order_budget().ask(size == 1 ? 1 : static_cast<int>(kMaxBatch), 1, now);
  if (!grant.go()) {
    waits_for_ = to_string(grant.reason);
    return false;
  }
  Pieces pieces;
  const model::MonoTime commanded = orders_.front().commanded;
  for (std::size_t i = 0; i < size; ++i) {
    pieces.push_back(std::move(orders_.front().order));
    orders_.pop_front();
  }
  Request request = size == 1 ? place_request(pieces[0]) : place_batch_request(pieces);
  transmit(std::move(request), commanded,
           [this, pieces = std::move(pieces)](const Result<net::HttpResponse>& answer) {
             if (!answer) return fail(pieces, answer.error());
             answered(placed_events(pieces, answer->body, rest_.moment().exchange));
           });
  return true;
}

// What the elements of a batch say of the limit and of the clock is heeded here, as rest.h does
// with a whole reply: the clock is read before the guard hears of it, so that it can send again at
// once.
void Orders::answered(std::vector<Event> events) {
  bool clock = false;
  for (const Event& event : events) {
    const auto* failed = std::get_if<guard::OrderFailed>(&event);
    if (failed == nullptr) continue;
    clock = clock || is_clock(failed->error);
    if (failed->error.code == kTooManyOrders) {
      rest_.order_budget().refused(failed->error.retry_after_s, net::Loop::now().mono);
    }
  }
  if (!clock) return sink_(std::move(events));
  rest_.read_clock([this, events = std::move(events)](const std::optional<Error>&) mutable {
    sink_(std::move(events));
  });
}

void Orders::send_cancel() {
  const WaitingCancel waiting = std::move(cancels_.front());
  cancels_.pop_front();
  transmit(cancel_request(waiting.cancel), waiting.commanded,
           [this, cancel = waiting.cancel](const Result<net::HttpResponse>& answer) {
             if (!answer) return fail(cancel, answer.error());
             sink_({guard::OrdersCanceled{cancel.symbol, cancel.source}});
           });
}

void Orders::transmit(Request request, model::MonoTime commanded,
                      std::function<void(const Result<net::HttpResponse>&)> then) {
  const Grant grant = rest_.ask(request, /*urgent=*/true);
  if (!grant.go()) {
    const auto left = grant.again - net::Loop::now().mono;
    const auto left_s = std::chrono::ceil<std::chrono::seconds>(left).count();
    return then(error(ErrorKind::rate_limited, "not sent: " + std::string(to_string(grant.reason)),
                      0, static_cast<int>(left_s)));
  }
  ++under_way_;
  rest_.send(
      std::move(request), /*urgent=*/true,
      [this, then = std::move(then)](const Result<net::HttpResponse>& answer, model::MonoTime) {
        --under_way_;
        then(answer);
        flush();
      },
      commanded);
}

void Orders::fail(const Pieces& orders, const Error& error) {
  std::vector<Event> events;
  for (const guard::ReducingOrder& order : orders) {
    events.push_back(guard::OrderFailed{order.client_id(), error});
  }
  sink_(std::move(events));
}

void Orders::fail(const guard::CancelOrders& cancel, const Error& error) {
  sink_({guard::CancelFailed{cancel.symbol, cancel.source, error}});
}

}  // namespace vakthund::binance
