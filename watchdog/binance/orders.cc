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
  const auto& orders = command.orders;
  const std::size_t size = orders.size() <= kSingles ? 1 : kMaxBatch;
  for (std::size_t i = 0; i < orders.size(); i += size) {
    const auto first = orders.begin() + static_cast<std::ptrdiff_t>(i);
    const auto count = static_cast<std::ptrdiff_t>(std::min(size, orders.size() - i));
    queue({Pieces(first, first + count), {}, now});
  }
  flush();
}

void Orders::cancel(const guard::CancelOrders& command) {
  queue({{}, command, net::Loop::now().mono});
  flush();
}

void Orders::queue(Waiting waiting) {
  if (orders_waiting_ + waiting.orders.size() > kMaxWaiting || line_.size() > kMaxWaiting) {
    return fail(waiting, error(ErrorKind::unavailable, "not sent: too many orders are waiting"));
  }
  orders_waiting_ += waiting.orders.size();
  line_.push_back(std::move(waiting));
}

void Orders::flush() {
  while (!line_.empty() && send_first(net::Loop::now().mono)) {
  }
}

// False: it has to wait; the timer comes back to it.
bool Orders::send_first(model::MonoTime now) {
  constexpr model::Duration kLookAgain = std::chrono::milliseconds(100);
  Waiting& first = line_.front();
  const model::MonoTime patience_ends = first.commanded + kPatience;
  model::MonoTime again = now;
  Grant grant;
  if (!rest_.clock().known()) {
    again = now + kLookAgain;
  } else if (!first.orders.empty()) {
    const int orders_10s = first.orders.size() == 1 ? 1 : static_cast<int>(kMaxBatch);
    grant = rest_.order_budget().ask(orders_10s, 1, now);
    if (!grant.go()) again = grant.again;
  }
  if (again > now && now < patience_ends) {
    timer_.at(std::min(again, patience_ends), [this] { flush(); });
    return false;
  }
  Waiting waiting = std::move(first);
  line_.pop_front();
  orders_waiting_ -= waiting.orders.size();
  if (again > now) {
    const std::string why = grant.go() ? "the exchange's clock could not be read"
                                       : std::string(to_string(grant.reason));
    fail(waiting, error(ErrorKind::unavailable, "not sent: " + why));
  } else {
    transmit(std::move(waiting));
  }
  return true;
}

void Orders::transmit(Waiting waiting) {
  const bool places = !waiting.orders.empty();
  Request request = !places                      ? cancel_request(waiting.cancel)
                    : waiting.orders.size() == 1 ? place_request(waiting.orders[0])
                                                 : place_batch_request(waiting.orders);
  const Grant grant = rest_.ask(request, /*urgent=*/true);
  if (!grant.go()) {
    const auto left = grant.again - net::Loop::now().mono;
    const auto left_s = std::chrono::ceil<std::chrono::seconds>(left).count();
    return fail(waiting,
                error(ErrorKind::rate_limited, "not sent: " + std::string(to_string(grant.reason)),
                      0, static_cast<int>(left_s)));
  }
  const model::MonoTime commanded = waiting.commanded;
  rest_.send(
      std::move(request), /*urgent=*/true,
      [this, waiting = std::move(waiting)](const Result<net::HttpResponse>& answer,
                                           model::MonoTime) {
        if (!answer) return fail(waiting, answer.error());
        if (waiting.orders.empty()) {
          return sink_({guard::OrdersCanceled{waiting.cancel.symbol, waiting.cancel.source}});
        }
        sink_(placed_events(waiting.orders, answer->body, rest_.moment().exchange));
      },
      commanded);
}

void Orders::fail(const Waiting& waiting, const Error& error) {
  std::vector<Event> events;
  if (waiting.orders.empty()) {
    events.push_back(guard::CancelFailed{waiting.cancel.symbol, waiting.cancel.source, error});
  }
  for (const guard::ReducingOrder& order : waiting.orders) {
    events.push_back(guard::OrderFailed{order.client_id(), error});
  }
  sink_(std::move(events));
}

}  // namespace vakthund::binance
