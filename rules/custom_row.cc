#include "rules/custom_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vakthund::rules {

using model::PositionSide;

std::optional<std::string> CustomRow::value(std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] != column) continue;
    if (std::holds_alternative<std::monostate>(values_[i])) return std::nullopt;
    return to_text(values_[i]);
  }
  return std::nullopt;
}

std::optional<model::Severity> CustomRow::severity() const {
  const auto word = value("severity");
  for (const auto severity :
       {model::Severity::info, model::Severity::warning, model::Severity::critical}) {
    if (word == to_string(severity)) return severity;
  }
  return std::nullopt;
}

model::Evidence CustomRow::evidence() const {
  model::Evidence evidence;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto same = [&](const auto& item) { return item.first == columns_[i]; };
    if (std::any_of(evidence.begin(), evidence.end(), same)) continue;
    evidence.emplace_back(columns_[i], to_text(values_[i]));
  }
  return evidence;
}

std::string CustomRow::words() const {
  static constexpr std::array<std::string_view, 5> kSaidElsewhere{
      "account", "symbol", "position_side", "message", "severity"};
  std::string text;
  for (const auto& [name, value] : evidence()) {
    const bool said =
        std::find(kSaidElsewhere.begin(), kSaidElsewhere.end(), name) != kSaidElsewhere.end();
    if (!said) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

About about(const CustomRow& row, const model::Snapshot& snapshot) {
  About result;
  model::PositionKey& key = result.key;
  key.symbol = row.value("symbol").value_or("");
  const auto side = row.value("position_side");
  if (side) key.position_side = model::Open<PositionSide>::parse(*side).value();
  if (key.position_side == PositionSide::unknown) key.position_side = PositionSide::both;
  if (key.symbol.empty()) {
    result.why_not_open = "no symbol";
    return result;
  }
  const model::SymbolBook* book = snapshot.symbol(key.symbol);
  const std::size_t open = book ? book->positions.size() : 0;
  if (!side && open == 1) key.position_side = book->positions.front().position_side;
  if (open == 0) {
    result.why_not_open = "no open position";
  } else if (!book->position(key.position_side)) {
    result.why_not_open = side ? fmt::format("no position {}", *side)
                               : fmt::format("{} positions: return position_side too", open);
  }
  return result;
}

}  // namespace vakthund::rules
