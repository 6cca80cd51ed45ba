#include "rules/position_size.h"

#include <fmt/format.h>

#include "rules/intended.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;
using model::Position;

struct Crowd {
  int positions = 0;
  const Position* smallest = nullptr;
};

bool is_smaller(const Position& a, const Position& b) {
  const MaybeDecimal left = notional(a, a.entry_price), right = notional(b, b.entry_price);
  if (left.has_value() != right.has_value()) return left.has_value();
  if (left && *left != *right) return *left < *right;
  return a.key() < b.key();
}

Crowd crowd_of(const model::Snapshot& snapshot) {
  Crowd crowd;
  for (const auto& [symbol, book] : snapshot.symbols) {
    for (const Position& position : book.positions) {
      if (!position.is_open()) continue;
      ++crowd.positions;
      if (!crowd.smallest || is_smaller(position, *crowd.smallest)) crowd.smallest = &position;
    }
  }
  return crowd;
}

// What is found goes into one finding: both may be so.
struct Excess {
  std::string text;
  model::Evidence evidence;
};

void judge_notional(const Position& position, Decimal limit, std::string_view from,
                    const PositionSizeSettings& settings, Excess& excess) {
  const MaybeDecimal worth = notional(position, position.entry_price);
  const MaybeDecimal most = limit * (Decimal::whole(1) + settings.tolerance);
  if (!worth || !most || *worth <= *most) return;
  const MaybeDecimal beyond = (worth - limit) / limit;
  excess.text = fmt::format(
      "is worth {} at entry, {} allows {}: {} too much, a move of 1 % is {} instead of {}",
      worth->to_fixed(2), from, limit.to_fixed(2), model::to_percent(beyond),
      (worth / Decimal::whole(100))->to_fixed(2), (limit / Decimal::whole(100))->to_fixed(2));
  excess.evidence = {{"max_notional", limit.to_string()},
                     {"tolerance_ratio", settings.tolerance.to_string()},
                     {"excess_ratio", to_text(beyond)},
                     {"max_notional_from", std::string(from)}};
}

void judge_number(const model::Snapshot& snapshot, const Position& position, int limit,
                  std::string_view from, Excess& excess) {
  const Crowd crowd = crowd_of(snapshot);
  if (crowd.positions <= limit || !crowd.smallest || crowd.smallest->key() != position.key()) {
    return;
  }
  excess.text += fmt::format(
      "{}is the smallest of {} open positions, {} allows {}: all of them can lose at once",
      excess.text.empty() ? "" : "; it ", crowd.positions, from, limit);
  excess.evidence.insert(excess.evidence.end(), {{"positions", std::to_string(crowd.positions)},
                                                 {"max_positions", std::to_string(limit)},
                                                 {"max_positions_from", std::string(from)}});
}

}  // namespace

model::Verdict position_size(const model::Snapshot& snapshot, const Position& position,
                             const PositionSizeSettings& settings) {
  const model::Intent* told = container_intent(snapshot);
  const bool untold = !told && !(settings.max_notional && settings.max_positions);
  MaybeDecimal most_worth = settings.max_notional;
  std::optional<int> most = settings.max_positions;
  if (told && !most_worth && told->max_notional && told->max_notional->sign() > 0) {
    most_worth = told->max_notional;
  }
  if (told && !most && told->max_positions && *told->max_positions > 0) most = told->max_positions;
  if (!most_worth && !most) {
    return untold ? unknown_feed(snapshot, Feed::container) : model::Verdict::clear();
  }
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);

  const auto from = [](bool ours) { return ours ? kByConfiguration : kByContainer; };
  Excess excess;
  if (most_worth) {
    judge_notional(position, *most_worth, from(settings.max_notional.has_value()), settings,
                   excess);
  }
  if (most) {
    judge_number(snapshot, position, *most, from(settings.max_positions.has_value()), excess);
  }
  const MaybeDecimal worth = notional(position, position.entry_price);
  if (excess.text.empty()) {
    if (most_worth && !worth) {
      return model::Verdict::unknown("the notional of " + position.symbol + " is unknown");
    }
    return untold ? unknown_feed(snapshot, Feed::container) : model::Verdict::clear();
  }
  model::Finding finding = finding_of(position, "position_size", settings.policy);
  finding.message = words(position) + " " + excess.text + ".";
  finding.evidence = {{"notional", to_text(worth)},
                      {"quantity", position.quantity.to_string()},
                      {"entry_price", to_text(position.entry_price)}};
  for (auto& row : excess.evidence) finding.evidence.push_back(std::move(row));
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
