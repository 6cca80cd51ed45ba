#include "rules/loss_limit.h"

#include <fmt/format.h>

#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::MaybeDecimal;

std::string_view name(LossBase base) {
  switch (base) {
    case LossBase::notional:
      return "notional at entry";
    case LossBase::margin:
      return "margin";
    case LossBase::equity:
      return "equity";
  }
  return "?";
}

MaybeDecimal base_value(const model::Snapshot& snapshot, const model::SymbolBook& book,
                        const model::Position& position, LossBase base) {
  const MaybeDecimal at_entry = notional(position, position.entry_price);
  switch (base) {
    case LossBase::notional:
      return at_entry;
    case LossBase::margin:
      if (!snapshot.fresh(model::Feed::symbol_config)) return std::nullopt;
      if (!book.config || !book.config->leverage) return std::nullopt;
      return at_entry / Decimal::whole(*book.config->leverage);
    case LossBase::equity:
      return snapshot.fresh(model::Feed::account) ? snapshot.totals.margin_balance : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

model::Verdict loss_limit(const model::Snapshot& snapshot, const model::SymbolBook& book,
                          const model::Position& position, const LossLimitSettings& settings) {
  if (!snapshot.fresh(model::Feed::positions))
    return unknown_feed(snapshot, model::Feed::positions);
  const MaybeDecimal mark = fresh_mark(snapshot, book);
  if (!mark) {
    return model::Verdict::unknown("the mark price of " + position.symbol + " is unknown or stale");
  }
  const MaybeDecimal pnl = unrealized_pnl(position, mark);
  if (!pnl) {
    return model::Verdict::unknown("the entry price of " + position.symbol + " is unknown");
  }
  if (pnl->sign() >= 0) return model::Verdict::clear();
  const MaybeDecimal base = base_value(snapshot, book, position, settings.of);
  const MaybeDecimal limit = base * settings.max_loss;
  if (!limit || base->sign() <= 0) {
    return model::Verdict::unknown(
        fmt::format("the {} of {} is unknown or not positive", name(settings.of), position.symbol));
  }
  const Decimal loss = pnl->abs();
  if (loss <= *limit) return model::Verdict::clear();

  const MaybeDecimal ratio = loss / base;
  model::Finding finding = finding_of(position, "loss_limit", settings.policy);
  finding.message =
      fmt::format("{} loses {} at mark price {}: {} of its {} {}, the limit is {}.",
                  words(position), loss.to_fixed(2), mark->to_string(), model::to_percent(ratio),
                  name(settings.of), base->to_fixed(2), model::to_percent(settings.max_loss));
  finding.evidence = {{"loss", loss.to_string()},
                      {"loss_ratio", to_text(ratio)},
                      {"base", std::string(name(settings.of))},
                      {"base_value", base->to_string()},
                      {"limit_ratio", settings.max_loss.to_string()},
                      {"mark_price", mark->to_string()},
                      {"entry_price", to_text(position.entry_price)},
                      {"quantity", position.quantity.to_string()}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
