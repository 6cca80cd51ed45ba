#include "watchdog/server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>

namespace vakthund::server {
namespace {

using prometheus::Labels;

std::string full(const std::string& name) { return "vakthund_" + name; }

// A family of gauges whose series can end.
class Gauges {
 public:
  Gauges(prometheus::Registry& registry, const std::string& name, const std::string& help)
      : family_(prometheus::BuildGauge().Name(full(name)).Help(help).Register(registry)) {}

  void set(const Labels& labels, std::optional<double> value) {
    const auto known = series_.find(labels);
    if (!value) {
      if (known != series_.end()) end(known);
    } else if (known != series_.end()) {
      known->second->Set(*value);
    } else if (series_.size() < Metrics::kMaxSeries) {
      prometheus::Gauge& gauge = family_.Add(labels);
      gauge.Set(*value);
      series_.emplace(labels, &gauge);
    }
  }

  // Ends the account's series that are not in `kept`.
  void keep(const std::string& account, const std::set<Labels>& kept) {
    for (auto at = series_.begin(); at != series_.end();) {
      const auto label = at->first.find("account");
      const bool gone =
          label != at->first.end() && label->second == account && !kept.contains(at->first);
      at = gone ? end(at) : std::next(at);
    }
  }

 private:
  using Series = std::map<Labels, prometheus::Gauge*>;
  Series::iterator end(Series::const_iterator at) {
    family_.Remove(at->second);
    return series_.erase(at);
  }

  prometheus::Family<prometheus::Gauge>& family_;
  Series series_;
};

class Counters {
 public:
  Counters(prometheus::Registry& registry, const std::string& name, const std::string& help)
      : family_(prometheus::BuildCounter().Name(full(name)).Help(help).Register(registry)) {}

  // Counted under `other` where there are too many combinations.
  void add(const Labels& labels, const Labels& other, double count = 1) {
    const bool room = known_.contains(labels) || known_.size() < Metrics::kMaxSeries;
    const Labels& counted = room ? labels : other;
    known_.insert(counted);
    family_.Add(counted).Increment(count);
  }

 private:
  prometheus::Family<prometheus::Counter>& family_;
  std::set<Labels> known_;
};

prometheus::Histogram& histogram(prometheus::Registry& registry, const std::string& name,
                                 const std::string& help,
                                 const prometheus::Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram()
      .Name(full(name))
      .Help(help)
      .Register(registry)
      .Add({}, buckets);
}

double seconds(model::Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::optional<double> number(const model::MaybeDecimal& value) {
  return value ? std::optional(value->to_double()) : std::nullopt;
}
std::optional<double> number(std::optional<bool> value) {
  return value ? std::optional(*value ? 1.0 : 0.0) : std::nullopt;
}

}  // namespace

class Metrics::Impl {
 public:
  mutable std::mutex mutex;
  prometheus::Registry registry;
  Gauges build_info{registry, "build_info", "Version of the running program; always 1."};
  Gauges mode{registry, "mode", "What rules may do: 0 observe, 1 armed."};
  Gauges reload{registry, "config_last_reload_successful",
                "Whether the newest configuration could be read and is in force."};
  Gauges kill_ready{registry, "kill_ready", "Whether the last probe found that a kill would work."};
  Gauges positions{registry, "positions", "Open positions that the exchange lists."};
  Gauges notional{registry, "position_notional",
                  "Size of a position at the mark price, in the account's currency."};
  Gauges unrealized_pnl{registry, "position_unrealized_pnl",
                        "Unrealised profit or loss of a position, in the account's currency."};
  Gauges loss_ratio{registry, "position_loss_ratio",
                    "Unrealised loss as a share of notional at entry; negative is a gain."};
  Gauges stop_distance{
      registry, "stop_distance_ratio",
      "Distance from the mark price to the nearest working stop, as a share of it."};
  Gauges protected_ratio{registry, "position_protected_ratio",
                         "Share of a position that working stops on the exchange cover."};
  Gauges incidents{registry, "incidents", "Incidents that are pending or firing."};
  Gauges kill_switch{registry, "kill_switch_state",
                     "The switch: 0 off (observe), 1 ready, 2 killing, 3 latched."};
  Gauges data_age{registry, "data_age_seconds", "Age of the newest facts from each source."};
  Gauges used_weight{registry, "exchange_used_weight_ratio",
                     "Share of the address's request weight that was used in this minute."};
  Gauges weight{registry, "exchange_weight",
                "Request weight used in this minute, by Vakthund itself and by the others at its "
                "address."};
  Gauges bot_up{registry, "bot_up", "Whether the bot's health endpoint answers."};
  Gauges container_running{registry, "container_running", "Whether the bot's container runs."};
  Gauges last_drill{registry, "last_drill_timestamp_seconds",
                    "When the newest fire drill was held, in Unix time."};
  Gauges last_drill_ok{registry, "last_drill_successful",
                       "Whether every leg of the newest fire drill worked."};
  Gauges last_drill_flat{registry, "last_drill_time_to_flat_seconds",
                         "How long the newest fire drill took until flat was proven."};
  Counters requests{registry, "exchange_requests_total",
                    "Requests to the exchange by endpoint and result."};
  Counters alerts{registry, "alerts_sent_total", "Alerts by sink and result."};
  prometheus::Histogram& decision = histogram(
      registry, "decision_seconds", "From an event's arrival to the verdict on it.",
      {1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 1e-2, 0.1, 1});
  prometheus::Histogram& order_send = histogram(
      registry, "order_send_seconds", "From a verdict to the order's bytes being written.",
      {1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1, 5});
  prometheus::Histogram& time_to_flat = histogram(
      registry, "time_to_flat_seconds", "From a kill to the proof that the account is flat.",
      {0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300});
};

Metrics::Metrics(const std::string& version) : impl_(std::make_unique<Impl>()) {
  impl_->build_info.set({{"version", version}}, 1);
}
Metrics::~Metrics() = default;

void Metrics::set_armed(bool armed) {
  const std::lock_guard lock(impl_->mutex);
  impl_->mode.set({}, armed ? 1 : 0);
}

void Metrics::set_config_reload(bool successful) {
  const std::lock_guard lock(impl_->mutex);
  impl_->reload.set({}, successful ? 1 : 0);
}

void Metrics::set_kill_ready(const std::string& account, std::optional<bool> ready) {
  const std::lock_guard lock(impl_->mutex);
  impl_->kill_ready.set({{"account", account}}, number(ready));
}

void Metrics::set_positions(const std::string& account,
                            std::span<const PositionMetrics> positions) {
  const std::lock_guard lock(impl_->mutex);
  std::set<Labels> open;
  for (const PositionMetrics& position : positions) {
    const Labels labels{{"account", account},
                        {"symbol", position.symbol},
                        {"position_side", std::string(model::to_string(position.position_side))}};
    open.insert(labels);
    impl_->notional.set(labels, number(position.notional));
    impl_->unrealized_pnl.set(labels, number(position.unrealized_pnl));
    impl_->loss_ratio.set(labels, number(position.loss_ratio));
    impl_->stop_distance.set(labels, number(position.stop_distance_ratio));
    impl_->protected_ratio.set(labels, number(position.protected_ratio));
  }
  for (Gauges* gauges : {&impl_->notional, &impl_->unrealized_pnl, &impl_->loss_ratio,
                         &impl_->stop_distance, &impl_->protected_ratio}) {
    gauges->keep(account, open);
  }
  impl_->positions.set({{"account", account}}, static_cast<double>(positions.size()));
}

void Metrics::set_incidents(const std::string& account,
                            std::span<const IncidentMetrics> incidents) {
  const std::lock_guard lock(impl_->mutex);
  std::set<Labels> present;
  for (const IncidentMetrics& incident : incidents) {
    const Labels labels{{"account", account},
                        {"rule", incident.rule},
                        {"severity", std::string(model::to_string(incident.severity))},
                        {"state", incident.state}};
    present.insert(labels);
    impl_->incidents.set(labels, incident.count);
  }
  impl_->incidents.keep(account, present);
}

void Metrics::set_kill_switch(const std::string& account, KillSwitch state) {
  const std::lock_guard lock(impl_->mutex);
  impl_->kill_switch.set({{"account", account}}, static_cast<double>(state));
}

void Metrics::set_data_age(const std::string& account, const std::string& source,
                           std::optional<model::Duration> age) {
  const std::lock_guard lock(impl_->mutex);
  impl_->data_age.set({{"account", account}, {"source", source}},
                      age ? std::optional(seconds(*age)) : std::nullopt);
}

void Metrics::set_exchange_weight(const std::string& account,
                                  const std::optional<WeightMetrics>& weight) {
  const std::lock_guard lock(impl_->mutex);
  std::optional<double> ratio, ours, others;
  if (weight) {
    ratio = static_cast<double>(weight->used) / weight->limit;
    ours = weight->ours;
    others = weight->others;
  }
  impl_->used_weight.set({{"account", account}}, ratio);
  impl_->weight.set({{"account", account}, {"by", "ours"}}, ours);
  impl_->weight.set({{"account", account}, {"by", "others"}}, others);
}

void Metrics::set_last_drill(const std::string& account, std::optional<model::WallTime> at,
                             std::optional<bool> ok, std::optional<model::Duration> flat_after) {
  const std::lock_guard lock(impl_->mutex);
  const Labels labels{{"account", account}};
  std::optional<double> when, flat;
  if (at) when = static_cast<double>(model::epoch_ms(*at)) / 1000;
  if (flat_after) flat = seconds(*flat_after);
  impl_->last_drill.set(labels, when);
  impl_->last_drill_ok.set(labels, number(ok));
  impl_->last_drill_flat.set(labels, flat);
}

void Metrics::set_bot_up(const std::string& account, std::optional<bool> up) {
  const std::lock_guard lock(impl_->mutex);
  impl_->bot_up.set({{"account", account}}, number(up));
}

void Metrics::set_container_running(const std::string& account, std::optional<bool> running) {
  const std::lock_guard lock(impl_->mutex);
  impl_->container_running.set({{"account", account}}, number(running));
}

void Metrics::add_exchange_request(const std::string& account, const std::string& endpoint,
                                   const std::string& code, double count) {
  const std::lock_guard lock(impl_->mutex);
  impl_->requests.add({{"account", account}, {"endpoint", endpoint}, {"code", code}},
                      {{"account", account}, {"endpoint", "other"}, {"code", "other"}}, count);
}

void Metrics::add_alert(const std::string& sink, const std::string& result) {
  const std::lock_guard lock(impl_->mutex);
  impl_->alerts.add({{"sink", sink}, {"result", result}}, {{"sink", "other"}, {"result", result}});
}

void Metrics::observe_decision(model::Duration took) { impl_->decision.Observe(seconds(took)); }
void Metrics::observe_order_send(model::Duration took) { impl_->order_send.Observe(seconds(took)); }
void Metrics::observe_time_to_flat(model::Duration took) {
  impl_->time_to_flat.Observe(seconds(took));
}

void Metrics::forget(const std::string& account) {
  const std::lock_guard lock(impl_->mutex);
  for (Gauges* gauges :
       {&impl_->kill_ready, &impl_->positions, &impl_->notional, &impl_->unrealized_pnl,
        &impl_->loss_ratio, &impl_->stop_distance, &impl_->protected_ratio, &impl_->incidents,
        &impl_->kill_switch, &impl_->data_age, &impl_->used_weight, &impl_->weight, &impl_->bot_up,
        &impl_->container_running, &impl_->last_drill, &impl_->last_drill_ok,
        &impl_->last_drill_flat}) {
    gauges->keep(account, {});
  }
}

std::string Metrics::text() const {
  const std::lock_guard lock(impl_->mutex);
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

Answer Metrics::answer() const { return {200, "text/plain; version=0.0.4; charset=utf-8", text()}; }

}  // namespace vakthund::server
