// Orders, tests of orders and cancels: as in watchdog/binance/orders.cc and rehearsal.cc.
#include "tests/sim/source.h"
#include "watchdog/binance/orders.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using binance::Request;
using Pieces = std::vector<guard::ReducingOrder>;

constexpr std::size_t kSingles = 4;
constexpr Duration kPatience = 10s;
constexpr Duration kLookAgain = 100ms;

}  // namespace

void Source::execute(const guard::PlaceOrders& place) {
  for (const guard::ReducingOrder& order : place.orders) {
    orders_.push_back({order, stage_.time.now()});
  }
  flush();
  if (!link_.clock().known()) {
    link_.read_clock([this](const std::optional<Error>& failed) { clock_was_read(failed); });
  }
}

void Source::flush() {
  while (link_.clock().known() && send_orders()) {
  }
  while (!orders_.empty() && stage_.time.now() >= orders_.front().commanded + kPatience) {
    const Pieces late = {orders_.front().order};
    orders_.pop_front();
    fail(late, error(ErrorKind::unavailable, "not sent: the line is too long"));
  }
  if (orders_.empty() || flush_planned_) return;
  flush_planned_ = true;
  stage_.time.bound_after(kLookAgain, [this] {
    flush_planned_ = false;
    flush();
  });
}

// One request of the orders that wait. False: none waits, or the account's limit says no.
bool Source::send_orders() {
  if (orders_.empty()) return false;
  const std::size_t size =
      orders_.size() <= kSingles ? 1 : std::min(orders_.size(), std::size_t{binance::kMaxBatch});
  const int cost = size == 1 ? 1 : static_cast<int>(binance::kMaxBatch);
  if (!link_.order_budget().ask(cost, 1, stage_.time.now()).go()) return false;
  Pieces pieces;
  for (std::size_t i = 0; i < size; ++i) {
    pieces.push_back(std::move(orders_.front().order));
    orders_.pop_front();
  }
  stage_.tally.orders += size;
  Request request =
      size == 1 ? binance::place_request(pieces[0]) : binance::place_batch_request(pieces);
  const binance::Grant grant = link_.ask(request, /*urgent=*/true);
  if (!grant.go()) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(grant.again - stage_.time.now());
    fail(pieces, error(ErrorKind::rate_limited, "not sent", 0, static_cast<int>(left.count())));
    return true;
  }
  link_.send(std::move(request), [this, pieces](const Result<Link::Body>& answer, MonoTime) {
    if (!answer) {
      std::vector<guard::Event> events;
      for (const auto& order : pieces) {
        events.push_back(guard::OrderFailed{order.client_id(), answer.error()});
      }
      return emit(std::move(events));
    }
    emit(binance::placed_events(pieces, answer->view(), link_.moment().exchange));
  });
  return true;
}

// Never from within the guard's own call.
void Source::fail(const Pieces& orders, const Error& error) {
  stage_.time.bound_after(0ms, [this, orders, error] {
    std::vector<guard::Event> events;
    for (const auto& order : orders) {
      events.push_back(guard::OrderFailed{order.client_id(), error});
    }
    emit(std::move(events));
  });
}

void Source::execute(const guard::TestOrders& test) {
  for (const guard::ReducingOrder& order : test.orders) {
    const Request request = binance::order_test_request(order);
    if (!link_.clock().known() || !link_.ask(request, /*urgent=*/false).go()) {
      stage_.time.bound_after(0ms, [this, id = order.client_id()] {
        emit({guard::OrderTested{id, error(ErrorKind::unavailable, "not tested")}});
      });
      continue;
    }
    link_.send(request, [this, id = order.client_id()](const Result<Link::Body>& answer, MonoTime) {
      std::optional<Error> refused;
      if (!answer) refused = answer.error();
      emit({guard::OrderTested{id, refused}});
    });
  }
}

void Source::execute(const guard::CancelOrders& cancel) {
  const Request request = binance::cancel_request(cancel);
  const binance::Grant grant = link_.ask(request, /*urgent=*/true);
  if (!grant.go() || !link_.clock().known()) {
    return stage_.time.bound_after(0ms, [this, cancel] {
      emit({guard::CancelFailed{cancel.symbol, cancel.source,
                                error(ErrorKind::rate_limited, "not sent", 0, 1)}});
    });
  }
  link_.send(request, [this, cancel](const Result<Link::Body>& answer, MonoTime) {
    if (!answer) {
      return emit({guard::CancelFailed{cancel.symbol, cancel.source, answer.error()}});
    }
    emit({guard::OrdersCanceled{cancel.symbol, cancel.source}});
  });
}

}  // namespace vakthund::sim
