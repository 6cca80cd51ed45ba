#include "watchdog/binance/rehearsal.h"

namespace vakthund::binance {

void Rehearsal::test(const guard::TestOrders& command) {
  const model::MonoTime now = net::Loop::now().mono;
  for (const guard::ReducingOrder& order : command.orders) {
    if (waiting_.size() == kMaxWaiting) {
      refuse(order, error(ErrorKind::unavailable, "not tested: too many tests are waiting"));
    } else {
      waiting_.push_back({order, now});
    }
  }
  go_on();
}

void Rehearsal::go_on() {
  const model::MonoTime now = net::Loop::now().mono;
  while (under_way_ < kUnderWay && !waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (!rest_.clock().known()) {
      refuse(next.order,
             error(ErrorKind::unavailable, "not tested: the exchange's clock could not be read"));
    } else if (now >= next.commanded + kPatience) {
      refuse(next.order, error(ErrorKind::unavailable, "not tested: earlier tests take too long"));
    } else {
      send(next.order);
    }
  }
}

void Rehearsal::send(const guard::ReducingOrder& order) {
  Request request = order_test_request(order);
  const Grant grant = rest_.ask(request, /*urgent=*/false);
  if (!grant.go()) {
    const auto left = grant.again - net::Loop::now().mono;
    const auto left_s = std::chrono::ceil<std::chrono::seconds>(left).count();
    return refuse(
        order, error(ErrorKind::rate_limited, "not tested: " + std::string(to_string(grant.reason)),
                     0, static_cast<int>(left_s)));
  }
  ++under_way_;
  rest_.send(std::move(request), /*urgent=*/false,
             [this, order](const Result<net::HttpResponse>& answer, model::MonoTime) {
               --under_way_;
               if (answer) {
                 sink_({guard::OrderTested{order.client_id(), std::nullopt}});
               } else {
                 refuse(order, answer.error());
               }
               go_on();
             });
}

void Rehearsal::refuse(const guard::ReducingOrder& order, Error why) {
  sink_({guard::OrderTested{order.client_id(), std::move(why)}});
}

}  // namespace vakthund::binance
