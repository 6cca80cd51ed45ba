#include "rules/words.h"

#include <fmt/format.h>

namespace vakthund::rules {

std::string words(const model::Position& position) {
  return fmt::format("{} {} {}", position.symbol, position.side(),
                     position.quantity.abs().to_string());
}

std::string loss_words(const model::MaybeDecimal& loss_ratio) {
  if (!loss_ratio) return "loss unknown";
  return fmt::format("{} {} of notional at entry", loss_ratio->sign() < 0 ? "gain" : "loss",
                     model::to_percent(loss_ratio->abs()));
}

model::Finding finding_of(const model::Position& position, std::string_view rule,
                          const Policy& policy) {
  model::Finding finding;
  finding.rule = rule;
  finding.severity = policy.severity;
  finding.symbol = position.symbol;
  finding.position_side = position.position_side;
  return finding;
}

model::Finding finding_of(std::string_view symbol, std::string_view rule, const Policy& policy) {
  model::Finding finding;
  finding.rule = rule;
  finding.severity = policy.severity;
  finding.symbol = symbol;
  return finding;
}

model::Verdict unknown_feed(const model::Snapshot& snapshot, model::Feed feed) {
  const model::FeedState& state = snapshot.feed(feed);
  std::string why = fmt::format("{}: {}", to_string(feed), to_string(snapshot.freshness(feed)));
  if (state.as_of) {
    why +=
        fmt::format(", last good answer {} ago", model::to_text(snapshot.time.mono - *state.as_of));
  }
  if (!state.trouble.empty()) why += fmt::format(" ({})", state.trouble);
  return model::Verdict::unknown(std::move(why));
}

model::MaybeDecimal fresh_mark(const model::Snapshot& snapshot, const model::SymbolBook& book) {
  const auto& feed = snapshot.feed(model::Feed::mark_prices);
  const bool ages = feed.max_age > model::Duration::zero();
  if (!book.mark) return std::nullopt;
  if (ages && snapshot.time.mono - book.mark->received > feed.max_age) return std::nullopt;
  return book.mark->price;
}

std::optional<WatchedPrice> watched_price(const model::Snapshot& snapshot,
                                          const model::SymbolBook& book, model::WorkingType type) {
  const bool by_last = type == model::WorkingType::contract_price;
  if (by_last && book.last && snapshot.fresh(model::Feed::market_stream)) {
    return WatchedPrice{book.last->price, "last price"};
  }
  const model::MaybeDecimal mark = fresh_mark(snapshot, book);
  if (!mark) return std::nullopt;
  return WatchedPrice{*mark, by_last ? "mark price (no last price known)" : "mark price"};
}

}  // namespace vakthund::rules
