// A symbol without a position: the orders that rest there, the bot's word, the last trades.
#include <fmt/format.h>

#include "rules/explain_parts.h"

namespace vakthund::rules {
namespace {

constexpr std::size_t kMaxOrdersTold = 8;

std::string price_of(const model::Order& order) {
  const auto price =
      order.trigger_price && order.trigger_price->sign() > 0 ? order.trigger_price : order.price;
  return price && price->sign() > 0 ? price->to_string() : "at any price";
}

void tell_orders(const model::SymbolBook& book, std::vector<std::string>& lines) {
  std::size_t told = 0;
  for (const model::Order& order : book.orders) {
    if (++told > kMaxOrdersTold) continue;
    lines.push_back(
        fmt::format("{} order {}: {} {} {}, {}", to_string(order.id.source), order.id.id,
                    order.type.text(), to_string(order.side), price_of(order),
                    order.reduce_only || order.close_position ? "it can only reduce"
                                                              : "it could open a position"));
  }
  if (told > kMaxOrdersTold) lines.push_back(fmt::format("and {} more", told - kMaxOrdersTold));
}

void tell_bot(const model::SymbolBook& book, std::vector<std::string>& lines) {
  if (book.bot_position && !book.bot_position->quantity.is_zero()) {
    lines.push_back("the bot believes it holds " + book.bot_position->quantity.to_string() +
                    " from " + to_text(book.bot_position->entry_price));
  }
  if (book.journal_entry) {
    lines.push_back(fmt::format("the bot's journal has an entry of {} at {}",
                                to_text(book.journal_entry->quantity),
                                to_text(book.journal_entry->entry_price)));
  }
  if (book.claim) lines.push_back(fmt::format("the bot's log says \"{}\"", book.claim->line));
}

}  // namespace

std::vector<std::string> explain_absence(const model::Snapshot& snapshot,
                                         const model::SymbolBook& book,
                                         const RuleSettings& settings) {
  std::vector<std::string> lines;
  std::vector<Judged> judged;
  judge_symbol(snapshot, book, settings, judged);
  for (const Judged& one : judged) {
    if (one.verdict.state == model::Verdict::State::breach) {
      lines.push_back(fmt::format("{}: {}", one.rule, one.verdict.finding.message));
    }
  }
  tell_orders(book, lines);
  tell_bot(book, lines);
  if (!book.fills.empty()) {
    const model::Fill& last = book.fills.back();
    lines.push_back(fmt::format("last fill {}: {} {} at {} by {}",
                                model::to_iso8601(last.time).substr(0, 19) + "Z",
                                to_string(last.side), last.quantity.to_string(),
                                last.price.to_string(), to_string(last.origin)));
  }
  return lines;
}

}  // namespace vakthund::rules
