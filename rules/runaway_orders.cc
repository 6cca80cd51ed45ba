#include "rules/runaway_orders.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {

model::Verdict runaway_orders(const model::Snapshot& snapshot,
                              const RunawayOrdersSettings& settings) {
  if (!snapshot.feed(model::Feed::private_stream).used) return model::Verdict::clear();
  const model::Activity& activity = snapshot.activity;
  std::string text;
  const auto beyond = [&](int count, int limit, std::string_view what) {
    if (count <= limit) return;
    text += fmt::format("{}{} {} in the last minute, the limit is {}", text.empty() ? "" : "; ",
                        count, what, limit);
  };
  beyond(activity.orders, settings.max_orders_per_minute, "orders");
  beyond(activity.fills, settings.max_fills_per_minute, "fills");
  if (text.empty()) {
    if (!snapshot.fresh(model::Feed::private_stream)) {
      return unknown_feed(snapshot, model::Feed::private_stream);
    }
    if (activity.complete) return model::Verdict::clear();
    return model::Verdict::unknown(
        fmt::format("the private stream was not up for the whole minute: {} orders and {} fills "
                    "seen",
                    activity.orders, activity.fills));
  }

  model::Finding finding = finding_of("", "runaway_orders", settings.policy);
  finding.message = text;
  if (!activity.complete) finding.message += " (at least: the stream was not up all the time)";
  if (!activity.busiest_symbol.empty()) {
    finding.message += fmt::format("; {} is the busiest with {} orders and fills",
                                   activity.busiest_symbol, activity.busiest);
  }
  finding.message += ".";
  finding.evidence = {{"orders", std::to_string(activity.orders)},
                      {"max_orders", std::to_string(settings.max_orders_per_minute)},
                      {"fills", std::to_string(activity.fills)},
                      {"max_fills", std::to_string(settings.max_fills_per_minute)},
                      {"busiest_symbol", activity.busiest_symbol},
                      {"busiest", std::to_string(activity.busiest)}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
