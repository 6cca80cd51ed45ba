#include "rules/leverage.h"

#include <fmt/format.h>

#include "rules/intended.h"
#include "rules/words.h"

namespace vakthund::rules {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;

model::Verdict leverage(const model::Snapshot& snapshot, const model::SymbolBook& book,
                        const model::Position& position, const LeverageSettings& settings) {
  const model::Intent* told = container_intent(snapshot);
  if (!settings.max_leverage && !told) return unknown_feed(snapshot, Feed::container);
  const bool ours = settings.max_leverage.has_value();
  const MaybeDecimal limit = ours ? Decimal::whole(*settings.max_leverage) : told->leverage;
  if (!limit || (!ours && limit->sign() <= 0)) return model::Verdict::clear();
  for (const Feed feed : {Feed::positions, Feed::symbol_config}) {
    if (!snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
  }
  if (!book.config || !book.config->leverage || *book.config->leverage <= 0) {
    return model::Verdict::unknown("the leverage of " + position.symbol + " is unknown");
  }
  const Decimal actual = Decimal::whole(*book.config->leverage);
  if (actual <= *limit) return model::Verdict::clear();

  const std::string_view from = ours ? kByConfiguration : kByContainer;
  const MaybeDecimal worth = notional(position, position.entry_price);
  const MaybeDecimal margin = worth / actual;
  const MaybeDecimal move = Decimal::whole(1) / actual;
  model::Finding finding = finding_of(position, "leverage", settings.policy);
  finding.message = fmt::format(
      "{} runs at {}x, {} allows {}x: a move of {} against it uses up its margin of {}, not one of "
      "{}.",
      words(position), actual.to_string(), from, limit->to_string(), model::to_percent(move),
      margin ? margin->to_fixed(2) : "unknown size", model::to_percent(Decimal::whole(1) / *limit));
  finding.evidence = {{"leverage", actual.to_string()},  {"max_leverage", limit->to_string()},
                      {"limit_from", std::string(from)}, {"notional", to_text(worth)},
                      {"margin", to_text(margin)},       {"move_ratio", to_text(move)}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
