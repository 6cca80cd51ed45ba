// Vakthund's metrics for Prometheus: names, labels and units of product.md §7.
//
// Gauges are set to what holds now; what became unknown or is gone loses its series, so that a
// graph ends instead of lying.
// Threads: any, each call is one step.
// Limits: labels come from the configuration and the exchange's symbols; beyond kMaxSeries of one
// metric new combinations are dropped, requests are counted under endpoint and code "other".
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "rules/model/decimal.h"
#include "rules/model/finding.h"
#include "rules/model/position.h"
#include "rules/model/time.h"
#include "watchdog/server/backend.h"

namespace vakthund::server {

struct PositionMetrics {
  std::string symbol;
  model::PositionSide position_side = model::PositionSide::both;
  model::MaybeDecimal notional;
  model::MaybeDecimal unrealized_pnl;
  model::MaybeDecimal loss_ratio;
  model::MaybeDecimal stop_distance_ratio;  // nearest working stop, of the mark price
  model::MaybeDecimal protected_ratio;      // covered quantity / quantity
};

struct IncidentMetrics {
  std::string rule;
  model::Severity severity = model::Severity::warning;
  std::string state;  // pending | firing
  int count = 0;
};

// Request weight of the address in the exchange's current minute.
struct WeightMetrics {
  int limit = 0;  // positive
  int used = 0;   // by all
  int ours = 0;
  int others = 0;  // the bot, and whoever shares the address
};

enum class KillSwitch { off = 0, ready = 1, killing = 2, latched = 3 };

class Metrics {
 public:
  static constexpr std::size_t kMaxSeries = 2000;

  explicit Metrics(const std::string& version);
  ~Metrics();

  void set_armed(bool armed);
  void set_config_reload(bool successful);
  // What the last probe found. Unknown (not probed, too long ago, or something did not answer): no
  // series; an alert says `vakthund_kill_ready == 0 or absent(vakthund_kill_ready)`.
  void set_kill_ready(const std::string& account, std::optional<bool> ready);
  // All of the account's: series of positions that are not among them end.
  void set_positions(const std::string& account, std::span<const PositionMetrics> positions);
  // All of the account's that are not resolved.
  void set_incidents(const std::string& account, std::span<const IncidentMetrics> incidents);
  void set_kill_switch(const std::string& account, KillSwitch state);
  void set_data_age(const std::string& account, const std::string& source,
                    std::optional<model::Duration> age);
  // Unknown: both of its gauges end.
  void set_exchange_weight(const std::string& account, const std::optional<WeightMetrics>& weight);
  // What the database remembers of the newest fire drill; unknown: there was none.
  void set_last_drill(const std::string& account, std::optional<model::WallTime> at,
                      std::optional<bool> ok, std::optional<model::Duration> flat_after);
  void set_bot_up(const std::string& account, std::optional<bool> up);
  void set_container_running(const std::string& account, std::optional<bool> running);

  void add_exchange_request(const std::string& account, const std::string& endpoint,
                            const std::string& code, double count = 1);
  void add_alert(const std::string& sink, const std::string& result);
  void observe_decision(model::Duration took);      // event received -> verdict
  void observe_order_send(model::Duration took);    // verdict -> order bytes written
  void observe_time_to_flat(model::Duration took);  // kill asked -> proven flat

  // Every gauge of an account that a reload has removed.
  void forget(const std::string& account);

  std::string text() const;  // the exposition format, version 0.0.4
  Answer answer() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vakthund::server
