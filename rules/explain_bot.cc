// The exchange's story beside the bot's. B: re-entered. C: the wrong size. D: a false claim.
#include <fmt/format.h>

#include <algorithm>

#include "rules/bot_word.h"
#include "rules/explain_parts.h"
#include "rules/intended.h"
#include "rules/trade_story.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::MaybeDecimal;

constexpr std::size_t kMaxOrdersTold = 8;

// "2025-11-20 01:23Z"
std::string day_and_time(model::WallTime time) {
  const std::string text = model::to_iso8601(time);
  return text.substr(0, 10) + " " + text.substr(11, 5) + "Z";
}

// The journal's entry of this position, where it may be compared.
const model::JournalEntry* journal(const Case& c) {
  const bool comparable = c.snapshot.feed(Feed::journal).used && c.snapshot.fresh(Feed::journal);
  return comparable ? entry_of(c.book, c.position) : nullptr;
}

void look_at_journal(const Case& c, Reasons& reasons) {
  if (!c.snapshot.feed(Feed::journal).used) {
    reasons.lacks("no journal of the bot's is configured");
    return;
  }
  if (!reasons.take(c, "entry_mismatch")) return;
  const model::JournalEntry* entry = journal(c);
  if (!entry) {
    reasons.lacks("the bot's journal has no open entry for " + c.position.symbol);
  } else if (!entry->entry_price) {
    reasons.lacks("the bot's journal records no entry price of " + c.position.symbol);
  } else {
    reasons.refutes(fmt::format("exchange and journal agree: entry {} and {}",
                                price_text(c.told, c.position.entry_price),
                                price_text(c.told, entry->entry_price)));
  }
}

void look_at_trades(const Case& c, Reasons& reasons) {
  if (!reasons.take(c, "reentry")) return;
  const bool aged = c.snapshot.feed(Feed::trades).used && !c.snapshot.fresh(Feed::trades);
  if (aged || !c.book.fills_since) {
    reasons.lacks("the trades of " + c.position.symbol + " have not been read");
    return;
  }
  const TradeStory story = trade_story(c.book, c.position.position_side, c.position.quantity);
  if (!story.doubt.empty()) {
    reasons.lacks("the trade list: " + story.doubt);
  } else if (!story.complete) {
    reasons.lacks("the trades that opened it: they are older than the trade list, which begins " +
                  day_and_time(*c.book.fills_since));
  } else {
    const std::size_t orders = story.opening_orders.size();
    reasons.refutes(fmt::format("the trade list: opened {} by {}, {} order{}, entry {}",
                                day_and_time(story.opened), to_string(story.opened_by), orders,
                                orders == 1 ? "" : "s", price_text(c.told, story.entry_price)));
  }
}

// One line for each number that somebody else tells of this position's size.
void compare_quantity(const Case& c, std::string_view who, const MaybeDecimal& theirs,
                      Reasons& reasons) {
  const Decimal ours = c.position.quantity.abs();
  const MaybeDecimal ratio = apart_ratio(theirs, ours);
  if (!ratio) return;
  const std::string text =
      fmt::format("{} on the exchange, {} {}", ours.to_string(), to_text(theirs), who);
  if (*ratio > c.settings.entry_mismatch.tolerance) {
    reasons.supports(fmt::format("{}: {} apart", text, percent(ratio)));
  } else {
    reasons.refutes(text);
  }
}

void compare_with_bot(const Case& c, Reasons& reasons) {
  const auto holdings = listed_by_bot(c.book);
  for (const BotHolding& holding : holdings) {
    if (holding.is_long.value_or(c.position.is_long()) == c.position.is_long()) {
      return compare_quantity(c, "by the bot's own account", holding.quantity, reasons);
    }
  }
  if (holdings.empty()) return;  // an orphan has no size to compare with
  reasons.supports(fmt::format("{} on the exchange, {} by the bot's own account", c.position.side(),
                               words(holdings.front())));
}

void compare_with_intent(const Case& c, Reasons& reasons) {
  static const model::Intent kUntold{};
  const model::Intent* told = container_intent(c.snapshot);
  const model::Intent& intent = told ? *told : kUntold;
  const MaybeDecimal most_notional = c.settings.position_size.max_notional
                                         ? c.settings.position_size.max_notional
                                         : intent.max_notional;
  if (reasons.take(c, "position_size") && most_notional) {
    reasons.refutes(fmt::format("notional at entry {}, intended at most {}", money(c.told.notional),
                                money(most_notional)));
  }
  const MaybeDecimal most_leverage =
      c.settings.leverage.max_leverage
          ? MaybeDecimal(Decimal::whole(*c.settings.leverage.max_leverage))
          : intent.leverage;
  if (reasons.take(c, "leverage") && most_leverage && c.told.leverage) {
    reasons.refutes(fmt::format("leverage {}x, intended at most {}x", *c.told.leverage,
                                most_leverage->to_string()));
  }
}

}  // namespace

Theory reentered(const Case& c) {
  Reasons reasons;
  look_at_journal(c, reasons);
  look_at_trades(c, reasons);
  return reasons.theory('B', "reentered", "it was entered again, unknown to the bot",
                        /*any_refutes=*/true);
}

Theory wrong_size(const Case& c) {
  Reasons reasons;
  if (const model::JournalEntry* entry = journal(c)) {
    compare_quantity(c, "in the bot's journal", entry->quantity, reasons);
  }
  if (c.snapshot.fresh(Feed::bot_positions)) compare_with_bot(c, reasons);
  compare_with_intent(c, reasons);
  reasons.lacks_unless_any("neither journal, bot nor settings say how large it should be");
  return reasons.theory('C', "wrong_size", "it is larger than intended");
}

Theory false_claim_theory(const Case& c) {
  Reasons reasons;
  const Protection& protection = c.protection;
  const std::string whole = c.position.quantity.abs().to_string();
  const bool bare = protection.status == Protection::Status::none ||
                    protection.status == Protection::Status::partial;
  const bool log_read =
      c.snapshot.feed(Feed::container_log).used && c.snapshot.fresh(Feed::container_log);
  const MaybeDecimal believed =
      c.book.bot_position ? c.book.bot_position->stop_price : std::nullopt;
  if (protection.status == Protection::Status::unknown) {
    reasons.lacks(protection.unknown_because);
  } else if (bare && c.book.claim && c.book.claim->time < c.position.updated) {
    reasons.unseen("the bot's log claimed protection before the position was as it is now");
  } else if (bare && c.book.claim) {
    reasons.supports(fmt::format("the bot's log says \"{}\"", c.book.claim->line));
  }
  if (bare && believed) {
    reasons.supports(fmt::format("the bot believes in a stop at {}", price_text(c.told, believed)));
  }
  if (protection.status == Protection::Status::full) {
    reasons.refutes(fmt::format("stops cover {} of {}{}", protection.covered_quantity.to_string(),
                                whole, c.book.claim ? ", as the bot's log says" : ""));
  } else if (reasons.supported()) {
    reasons.supports(
        fmt::format("stops cover {} of {}", protection.covered_quantity.to_string(), whole));
    std::size_t told = 0;
    for (const ExplainedOrder& order : c.told.orders) {
      if (order.effective || ++told > kMaxOrdersTold) continue;
      reasons.supports(words(c.told, order.order) + ": " + order.why);
    }
    if (c.told.orders.empty()) reasons.supports("neither order list holds an order of it");
  } else if (bare && log_read) {
    reasons.refutes("the bot has claimed no protection of " + c.position.symbol);
  } else if (bare) {
    reasons.lacks(c.snapshot.feed(Feed::container_log).used
                      ? unknown_feed(c.snapshot, Feed::container_log).why
                      : "the bot's log is not read: no container is configured");
  }
  return reasons.theory('D', "false_claim", "the bot's claim of protection is false");
}

}  // namespace vakthund::rules
