// The kill receipt: what was open, what was done about it and when, and what is left.
// Everything in it was told by the exchange or the engine; what nobody told is unknown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/time.h"

namespace vakthund::guard {

struct ClosedPosition {
  model::Position position;        // as it was read before the first order
  model::MaybeDecimal mark_price;  // then
  model::MaybeDecimal stop_price;  // the stop its judgement rested on; unknown: none known
  int orders = 0;                  // that were sent for it
  std::map<std::int64_t, model::Fill> fills;  // by trade id, of orders of ours
  bool flat = false;

  model::MaybeDecimal filled_quantity() const;
  model::MaybeDecimal average_price() const;
  model::MaybeDecimal fee() const;
  model::MaybeDecimal realized_pnl() const;
  // Positive is worse than the reference: what closing cost against it, as a share of it.
  model::MaybeDecimal slippage_ratio(model::MaybeDecimal reference) const;
};

struct Receipt {
  std::string id;
  std::string account;
  std::string action;  // "kill", "close_position", …
  std::string reason;
  std::string by;
  model::WallTime started{};
  model::Duration took{};                     // until the container was stopped and fills counted
  std::optional<model::Duration> flat_after;  // until flat was proven
  bool closes = true;                         // what was asked for: positions,
  bool stops_bot = true;                      // the bot
  bool flat = false;                          // proven: no position, no order in either list
  bool bot_stopped = false;                   // verified
  bool has_container = false;                 // one is configured
  std::string container;                      // its name; empty: none configured
  std::vector<ClosedPosition> positions;
  struct Step {
    model::Duration at{};  // since `started`
    std::string text;
  };
  std::vector<Step> timeline;
  std::vector<std::string> left;  // what is still open or undone, in words; empty: nothing

  static constexpr std::size_t kMaxSteps = 500;
};

// One JSON object; money, prices and quantities are strings, unknown is null.
std::string receipt_json(const Receipt& receipt);
// Aligned text for a terminal, 80 columns as far as numbers let it.
std::string receipt_text(const Receipt& receipt);

}  // namespace vakthund::guard
