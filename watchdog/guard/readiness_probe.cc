#include "watchdog/guard/readiness_probe.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/attribution.h"

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Position;
using model::PositionKey;

std::set<PositionKey> keys_of(const Book& book) {
  std::set<PositionKey> keys;
  for (const Position* position : book.open_positions()) keys.insert(position->key());
  return keys;
}

Result<std::vector<ReducingOrder>> closing_orders(const Book& book, const Position& position,
                                                  const std::string& prefix, int number) {
  const auto& filters = book.snapshot().symbol(position.symbol)->filters;
  return ReducingOrder::close(position, filters ? &*filters : nullptr, prefix, number);
}

}  // namespace

void ReadinessProbe::on(const Event& event, const Book& book) {
  if (std::holds_alternative<PositionsRead>(event) ||
      std::holds_alternative<PositionChanged>(event)) {
    auto open = keys_of(book);
    hurry_ = hurry_ || open != open_;
    open_ = std::move(open);
  }
  if (!running_) return;
  if (const auto* tested = std::get_if<OrderTested>(&event)) {
    take(*tested);
  } else if (std::holds_alternative<ContainerSeen>(event)) {
    trials_.container_seen = true;
    trials_.container_failure.reset();
  } else if (const auto* failed = std::get_if<ContainmentFailed>(&event)) {
    if (failed->step == ContainmentStep::inspect) trials_.container_failure = failed->error;
  } else if (const auto* unseen = std::get_if<FeedFailed>(&event)) {
    if (unseen->feed == Feed::container) trials_.container_failure = unseen->error;
  } else if (std::holds_alternative<AccountConfigRead>(event)) {
    config_awaited_ = false;
  } else if (const auto* unread = std::get_if<ReadFailed>(&event)) {
    if (unread->read.what == Read::What::account_config) config_awaited_ = false;
  }
}

// A position is refused where any of its orders is.
void ReadinessProbe::take(const OrderTested& tested) {
  const auto at = waiting_.find(tested.client_id);
  if (at == waiting_.end()) return;
  const PositionKey key = at->second;
  waiting_.erase(at);
  OrderTrial& trial = trials_.orders[key];
  if (tested.refused) {
    trial.answered = true;
    trial.refused = tested.refused;
    if (refused_now_.insert(key).second) ++trial.in_a_row;
    return;
  }
  const bool more = std::any_of(waiting_.begin(), waiting_.end(),
                                [&](const auto& other) { return other.second == key; });
  if (more || refused_now_.contains(key)) return;
  trial = {true, std::nullopt, 0};
}

std::optional<model::MonoTime> ReadinessProbe::due() const {
  if (!known_) return std::nullopt;
  const model::MonoTime wanted = began_ ? *began_ + (hurry_ ? kSoonest : kEvery) : *known_ + kFirst;
  return std::max(wanted, not_before_);
}

std::optional<model::MonoTime> ReadinessProbe::next_deadline() const {
  if (held_back_) return std::nullopt;
  if (running_) return *began_ + kPatience;
  return due();
}

std::optional<model::Readiness> ReadinessProbe::advance(const Book& book, bool held_back,
                                                        bool has_container, model::Now now,
                                                        Commands& out) {
  held_back_ = held_back;
  if (!known_ && book.positions_asked()) known_ = now.mono;
  if (held_back) {
    running_ = false;
    return std::nullopt;
  }
  if (running_) {
    if (!answered() && now.mono < *began_ + kPatience) return std::nullopt;
    return end(book, now, out);
  }
  const auto at = due();
  if (!at || now.mono < *at) return std::nullopt;
  if (!book.snapshot().exchange.refused.empty()) {
    not_before_ = now.mono + kPostponed;
    return std::nullopt;
  }
  begin(book, has_container, now, out);
  if (answered()) return end(book, now, out);
  return std::nullopt;
}

bool ReadinessProbe::answered() const {
  const bool container =
      !trials_.has_container || trials_.container_seen || trials_.container_failure;
  return waiting_.empty() && container && !config_awaited_;
}

void ReadinessProbe::begin(const Book& book, bool has_container, model::Now now, Commands& out) {
  running_ = true;
  began_ = now.mono;
  ++round_;
  open_ = keys_of(book);
  waiting_.clear();
  refused_now_.clear();
  trials_.has_container = has_container;
  trials_.container_seen = false;
  trials_.container_failure.reset();
  std::erase_if(trials_.orders, [&](const auto& trial) { return !open_.contains(trial.first); });
  try_orders(book, out);
  if (has_container) out.push_back(ContainmentCommand{ContainmentStep::inspect});
  config_awaited_ = !book.snapshot().fresh(Feed::account_config);
  if (config_awaited_) out.push_back(Read{Read::What::account_config, {}, {}, {}, false});
}

// Of a position that is split, the first and the last order: the others are like the first.
void ReadinessProbe::try_orders(const Book& book, Commands& out) {
  const std::string prefix = fmt::format("{}t{}", rules::kOwnPrefix, round_);
  TestOrders test;
  int number = 1;
  auto at = open_.upper_bound(last_);
  for (std::size_t i = 0; i < std::min(kAtOnce, open_.size()); ++i, ++at) {
    if (at == open_.end()) at = open_.begin();
    last_ = *at;
    OrderTrial& trial = trials_.orders[*at];
    trial.answered = false;
    const Position& position = *book.snapshot().symbol(at->symbol)->position(at->position_side);
    const auto orders = closing_orders(book, position, prefix, number);
    if (orders.has_error()) {
      trial = {true, orders.error(), trial.in_a_row + 1};
      continue;
    }
    number += static_cast<int>(orders->size());
    test.orders.push_back(orders->front());
    if (orders->size() > 1) test.orders.push_back(orders->back());
  }
  for (const ReducingOrder& order : test.orders) {
    waiting_[order.client_id()] = {order.symbol(), order.position_side()};
  }
  if (!test.orders.empty()) out.push_back(std::move(test));
}

model::Readiness ReadinessProbe::end(const Book& book, model::Now now, Commands& out) {
  running_ = false;
  waiting_.clear();  // what comes later is of no use
  trials_.pieces = 0;
  const auto positions = book.open_positions();
  for (const Position* position : positions) {
    const auto orders = closing_orders(book, *position, "vkt", 0);
    trials_.pieces += orders.has_value() ? orders->size() : 1;
  }
  const bool filters_refused =
      std::any_of(trials_.orders.begin(), trials_.orders.end(), [](const auto& trial) {
        return trial.second.refused &&
               meaning_of(*trial.second.refused).kind == RefusalMeaning::Kind::stubborn;
      });
  if (filters_refused) out.push_back(Read{Read::What::filters, {}, {}, {}, false});
  hurry_ = std::any_of(positions.begin(), positions.end(), [&](const Position* position) {
    return !trials_.orders.contains(position->key());
  });
  return readiness_of(book.snapshot(), positions, trials_, now.wall);
}

}  // namespace vakthund::guard
