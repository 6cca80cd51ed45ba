#include "rules/symbol_not_allowed.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/intended.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

bool is_same(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return upper(x) == upper(y); });
}

std::string list_words(const std::vector<std::string>& symbols) {
  std::string text;
  for (std::size_t i = 0; i < symbols.size() && i < kMaxAllowedTold; ++i) {
    text += (i == 0 ? "" : ", ") + symbols[i];
  }
  if (symbols.size() > kMaxAllowedTold) {
    text += fmt::format(" and {} more", symbols.size() - kMaxAllowedTold);
  }
  return text;
}

}  // namespace

model::Verdict symbol_not_allowed(const model::Snapshot& snapshot, const model::Position& position,
                                  const SymbolNotAllowedSettings& settings) {
  using model::Feed;
  const bool ours = !settings.symbols.empty();
  const model::Intent* told = container_intent(snapshot);
  if (!ours && !told) return unknown_feed(snapshot, Feed::container);
  const std::vector<std::string>& allowed = ours ? settings.symbols : told->allowed_symbols;
  if (allowed.empty()) return model::Verdict::clear();
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  const bool is_allowed = std::any_of(allowed.begin(), allowed.end(), [&](const auto& symbol) {
    return is_same(symbol, position.symbol);
  });
  if (is_allowed) return model::Verdict::clear();

  const std::string_view from = ours ? kByConfiguration : kByContainer;
  const std::string list = list_words(allowed);
  const model::MaybeDecimal worth = notional(position, position.entry_price);
  model::Finding finding = finding_of(position, "symbol_not_allowed", settings.policy);
  finding.message = fmt::format(
      "{}, worth {} at entry, is in a symbol that {} does not allow (only {}): nobody "
      "meant to trade it.",
      words(position), worth ? worth->to_fixed(2) : "unknown", from, list);
  finding.evidence = {{"allowed", list},
                      {"limit_from", std::string(from)},
                      {"quantity", position.quantity.to_string()},
                      {"notional", to_text(worth)}};
  return model::Verdict::breach(std::move(finding));
}

}  // namespace vakthund::rules
