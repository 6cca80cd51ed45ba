#include "watchdog/app/gauges.h"

#include <algorithm>
#include <vector>

#include "rules/protection.h"

namespace vakthund::app {
namespace {

server::KillSwitch switch_of(const guard::Guard& guard) {
  switch (guard.kill_record().state) {
    case guard::KillRecord::State::killing:
      return server::KillSwitch::killing;
    case guard::KillRecord::State::latched:
      return server::KillSwitch::latched;
    case guard::KillRecord::State::armed:
      break;
  }
  return guard.settings().armed ? server::KillSwitch::ready : server::KillSwitch::off;
}

}  // namespace

void Gauges::take(AccountWatch& watch) {
  const std::string& name = watch.name();
  guard::Guard& guard = watch.guard();
  guard.judge_all(net::Loop::now());  // sets the time that ages are measured against
  const model::Snapshot& snapshot = guard.snapshot();
  metrics_.set_kill_switch(name, switch_of(guard));
  for (std::size_t i = 0; i < model::kFeeds; ++i) {
    const auto feed = static_cast<model::Feed>(i);
    const model::FeedState& state = snapshot.feed(feed);
    if (!state.used) continue;
    std::optional<model::Duration> age;
    if (state.as_of) age = snapshot.time.mono - *state.as_of;
    metrics_.set_data_age(name, std::string(to_string(feed)), age);
  }
  std::optional<bool> up, running;
  if (snapshot.fresh(model::Feed::bot_health)) up = snapshot.bot_health.up;
  if (snapshot.fresh(model::Feed::container)) {
    running = snapshot.container.status == model::ContainerStatus::running;
  }
  metrics_.set_bot_up(name, up);
  metrics_.set_container_running(name, running);
  take_positions(watch);
  take_incidents(watch);
  take_requests(watch);
  take_exchange(watch);
}

void Gauges::take_positions(AccountWatch& watch) {
  const guard::Guard& guard = watch.guard();
  const model::Snapshot& snapshot = guard.snapshot();
  std::vector<server::PositionMetrics> rows;
  // What is not known now ends, so that no graph and no alert rests on what was.
  const bool known = snapshot.fresh(model::Feed::positions);
  for (const model::Position* position : guard.book().open_positions()) {
    if (!known) break;
    const model::SymbolBook& book = *snapshot.symbol(position->symbol);
    const model::MaybeDecimal mark =
        book.mark ? model::MaybeDecimal(book.mark->price) : position->mark_price;
    const rules::Protection protection = rules::prove(snapshot, book, *position);
    server::PositionMetrics row;
    row.symbol = position->symbol;
    row.position_side = position->position_side;
    row.notional = notional(*position, mark);
    row.unrealized_pnl = unrealized_pnl(*position, mark);
    row.loss_ratio = loss_ratio(*position, mark);
    row.stop_distance_ratio = protection.distance_ratio;
    if (protection.status != rules::Protection::Status::unknown) {
      row.protected_ratio = protection.covered_quantity / position->quantity.abs();
    }
    rows.push_back(std::move(row));
  }
  metrics_.set_positions(watch.name(), rows);
}

void Gauges::take_incidents(AccountWatch& watch) {
  std::map<std::tuple<std::string, model::Severity, std::string>, int> counts;
  for (const guard::Incident* incident : watch.guard().incidents().open()) {
    ++counts[{incident->finding.rule, incident->finding.severity,
              std::string(to_string(incident->state))}];
  }
  std::vector<server::IncidentMetrics> rows;
  for (const auto& [key, count] : counts) {
    rows.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  metrics_.set_incidents(watch.name(), rows);
}

void Gauges::take_requests(AccountWatch& watch) {
  const binance::SourceStats stats = watch.source().stats();
  auto& told = told_[watch.name()];
  for (const auto& [request, count] : stats.requests) {
    std::uint64_t& before = told[request];
    if (count > before) {
      metrics_.add_exchange_request(watch.name(), request.first, std::to_string(request.second),
                                    static_cast<double>(count - before));
    }
    before = count;
  }
  std::uint64_t& told_writes = told_writes_[watch.name()];
  const auto fresh =
      std::min<std::uint64_t>(stats.orders_written - told_writes, stats.order_writes.size());
  told_writes = stats.orders_written;
  for (auto at = stats.order_writes.end() - static_cast<std::ptrdiff_t>(fresh);
       at != stats.order_writes.end(); ++at) {
    metrics_.observe_order_send(*at);
  }
}

void Gauges::take_exchange(AccountWatch& watch) {
  const model::Snapshot& snapshot = watch.guard().snapshot();
  std::optional<server::WeightMetrics> weight;
  const model::Exchange& exchange = snapshot.exchange;
  if (snapshot.fresh(model::Feed::exchange) && exchange.weight_limit > 0) {
    weight = {exchange.weight_limit, exchange.weight_used, exchange.weight_ours,
              exchange.weight_others};
  }
  metrics_.set_exchange_weight(watch.name(), weight);
  std::optional<bool> ready;
  if (snapshot.fresh(model::Feed::readiness)) ready = snapshot.readiness.ready();
  metrics_.set_kill_ready(watch.name(), ready);
}

}  // namespace vakthund::app
