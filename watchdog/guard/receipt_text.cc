// The receipt for a person at a terminal of 80 columns.

#include <fmt/format.h>

#include "watchdog/guard/receipt.h"

namespace vakthund::guard {
namespace {

using model::MaybeDecimal;

constexpr std::size_t kColumns = 80;
constexpr const char* kRow = "  {:<10} {:<5} {:>9} {:>9} {:>9} {:>7} {:>7} {:>7} {:>8}\n";

std::string fixed(const MaybeDecimal& value, int places) {
  return value ? value->to_fixed(places) : "unknown";
}

// Breaks at spaces, so that no line is longer than the terminal; later lines begin under the first.
std::string wrapped(const std::string& first, const std::string& text) {
  std::string out = first;
  std::size_t column = first.size();
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column > first.size() && column + 1 + (end - at) > kColumns) {
      out += "\n" + std::string(first.size(), ' ');
      column = first.size();
    } else if (column > first.size()) {
      out += ' ';
      ++column;
    }
    out += text.substr(at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out + "\n";
}

std::string row(const ClosedPosition& closed) {
  const MaybeDecimal price = closed.average_price();
  return fmt::format(
      fmt::runtime(kRow), closed.position.symbol, closed.position.side(),
      closed.position.quantity.abs().to_string(), to_text(closed.mark_price),
      price ? price->to_string() : "unknown",
      model::to_percent(closed.slippage_ratio(closed.mark_price)),
      closed.stop_price ? model::to_percent(closed.slippage_ratio(closed.stop_price)) : "—",
      fixed(closed.fee(), 4), fixed(closed.realized_pnl(), 2));
}

std::string positions_words(const Receipt& receipt) {
  if (!receipt.closes) return "positions were left as they are";
  return receipt.flat ? "flat, no order left" : "NOT FLAT";
}

std::string bot_words(const Receipt& receipt) {
  if (!receipt.stops_bot) return "the bot was left running";
  if (!receipt.has_container) return "no container of the bot's is configured";
  return receipt.bot_stopped ? "the bot is stopped and will not restart" : "the bot is NOT STOPPED";
}

}  // namespace

std::string receipt_text(const Receipt& receipt) {
  std::string text = fmt::format("Receipt {}  {}  account {}\n", receipt.id,
                                 model::to_iso8601(receipt.started), receipt.account);
  text += wrapped(fmt::format("  {} by {}: ", receipt.action, receipt.by), receipt.reason) + "\n";
  if (!receipt.positions.empty()) {
    text += fmt::format(fmt::runtime(kRow), "position", "", "quantity", "mark", "closed at",
                        "vs mark", "vs stop", "fee", "result");
  }
  for (const ClosedPosition& closed : receipt.positions) text += row(closed);
  text += "\n";
  for (const Receipt::Step& step : receipt.timeline) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(step.at).count();
    text += wrapped(fmt::format("  {:>7} ms  ", ms), step.text);
  }
  text += fmt::format("\n  {}; {}.\n", positions_words(receipt), bot_words(receipt));
  for (const std::string& item : receipt.left) text += wrapped("  LEFT: ", item);
  return text;
}

}  // namespace vakthund::guard
