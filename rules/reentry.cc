#include "rules/reentry.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/trade_story.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Decimal;
using model::Feed;
using model::Fill;
using model::MaybeDecimal;

// Quantity and value of some trades, and who made them.
struct Sum {
  MaybeDecimal quantity = Decimal();
  MaybeDecimal value = Decimal();
  std::string by;

  void add(const Fill& fill) {
    quantity = quantity + fill.quantity;
    value = value + MaybeDecimal(fill.quantity) * fill.price;
    const std::string_view who = to_string(fill.origin);
    if (by.find(who) == std::string::npos)
      by += fmt::format("{}{}", by.empty() ? "" : " and ", who);
  }
  MaybeDecimal price() const { return value / quantity; }
};

// A stop that was filled, and when.
struct FilledStop {
  const model::Order* order = nullptr;
  const Fill* last = nullptr;  // nullptr: the order's own word
  model::WallTime at{};
  MaybeDecimal quantity;
  MaybeDecimal price;
};

std::optional<FilledStop> filled(const model::Order& order, const model::SymbolBook& book,
                                 const model::Position& position) {
  using Type = model::OrderType;
  const Type type = order.type.value();
  const bool is_stop =
      type == Type::stop || type == Type::stop_market || type == Type::trailing_stop_market;
  if (!is_stop || order.side != position.closing_side() ||
      order.position_side != position.position_side) {
    return std::nullopt;
  }
  const std::int64_t id =
      order.id.source == model::OrderSource::algo ? order.child_order_id : order.id.id;
  FilledStop stop{&order, nullptr, order.updated, order.executed_quantity, order.average_price};
  Sum sum;
  for (const Fill& fill : book.fills) {
    if (id == 0 || fill.order_id != id) continue;
    sum.add(fill);
    stop.last = &fill;
    stop.at = fill.time;
  }
  if (stop.last) {
    stop.quantity = sum.quantity;
    stop.price = sum.price();
  }
  if (!stop.last && (!stop.quantity || stop.quantity->sign() <= 0)) return std::nullopt;
  return stop;
}

// The newest stop in the position's direction after which the position was opened or added to.
struct Reentry {
  FilledStop stop;
  const Fill* first = nullptr;
  Sum sum;
};

std::optional<Reentry> after_a_stop(const model::SymbolBook& book, const model::Position& position,
                                    const TradeStory& story, std::chrono::milliseconds window) {
  std::optional<Reentry> newest;
  const auto look = [&](const model::Order& order) {
    const std::optional<FilledStop> stop = filled(order, book, position);
    if (!stop || (newest && newest->stop.at >= stop->at)) return;
    Reentry found{*stop, nullptr, {}};
    for (const Fill* opening : story.openings) {
      const bool later = stop->last ? opening > stop->last : opening->time > stop->at;
      if (!later) continue;
      if (!found.first && opening->time - stop->at > window) return;
      if (!found.first) found.first = opening;
      found.sum.add(*opening);
    }
    if (found.first) newest = found;
  };
  for (const model::Order& order : book.ended_stops) look(order);
  for (const model::TriggeredStop& stop : book.triggered_stops) look(stop.order);
  return newest;
}

// How many journal entries may stand for the opening orders; nullopt: the list was cut before it.
std::optional<std::size_t> entries_since(const model::SymbolBook& book,
                                         const model::Position& position, model::WallTime opened) {
  const auto from = opened - kJournalLag;
  std::size_t count = 0;
  for (const model::JournalEntry& entry : book.journal_entries) {
    if (entry.time < from) return count;
    const bool fits = !entry.side || (*entry.side == model::Side::buy) == position.is_long();
    count += fits;
  }
  if (book.journal_entries.size() >= model::SymbolBook::kMaxJournal) return std::nullopt;
  return count;
}

void tell(const Reentry& found, model::Duration window, model::Finding& finding) {
  const FilledStop& stop = found.stop;
  const std::string after =
      model::to_text(std::max(found.first->time - stop.at, std::chrono::milliseconds(0)));
  finding.message += fmt::format(
      " was re-entered by {} {} after its stop was filled: stop {} {} {} at {}, then {} {} at {}",
      found.sum.by, after, stop.order->id.id, to_string(stop.order->side), to_text(stop.quantity),
      to_text(stop.price), to_string(found.first->side), to_text(found.sum.quantity),
      to_text(found.sum.price()));
  finding.evidence = {{"stop_order_id", std::to_string(stop.order->id.id)},
                      {"stop_filled_at", model::to_iso8601(stop.at)},
                      {"stop_quantity", to_text(stop.quantity)},
                      {"stop_price", to_text(stop.price)},
                      {"reentered_at", model::to_iso8601(found.first->time)},
                      {"reentered_after", after},
                      {"window", model::to_text(window)},
                      {"reentered_by", found.sum.by},
                      {"reentered_quantity", to_text(found.sum.quantity)},
                      {"reentered_price", to_text(found.sum.price())}};
}

void tell(const TradeStory& story, std::size_t entries, model::Finding& finding) {
  Sum all;
  for (const Fill* opening : story.openings) all.add(*opening);
  finding.message +=
      fmt::format("{} was opened by {} orders of {} since {}, the journal has {} entr{}",
                  finding.evidence.empty() ? "" : "; it", story.opening_orders.size(), all.by,
                  model::to_iso8601(story.opened), entries, entries == 1 ? "y" : "ies");
  finding.evidence.emplace_back("opening_orders", std::to_string(story.opening_orders.size()));
  finding.evidence.emplace_back("journal_entries", std::to_string(entries));
  finding.evidence.emplace_back("opened_at", model::to_iso8601(story.opened));
  finding.evidence.emplace_back("opened_by", std::string(to_string(story.opened_by)));
}

}  // namespace

model::Verdict reentry(const model::Snapshot& snapshot, const model::SymbolBook& book,
                       const model::Position& position, const ReentrySettings& settings) {
  const bool trades = snapshot.feed(Feed::trades).used;
  if (!trades && !snapshot.feed(Feed::private_stream).used) return model::Verdict::clear();
  if (!snapshot.fresh(Feed::positions)) return unknown_feed(snapshot, Feed::positions);
  const TradeStory story = trade_story(book, position.position_side, position.quantity);

  model::Finding finding = finding_of(position, "reentry", settings.policy);
  const auto reentered = after_a_stop(
      book, position, story, std::chrono::floor<std::chrono::milliseconds>(settings.window));
  if (reentered) tell(*reentered, settings.window, finding);

  const bool by_journal = trades && snapshot.feed(Feed::journal).used;
  // Trades that are missing can only hide an opening: more than the journal has is more.
  const bool can_count = by_journal && snapshot.fresh(Feed::journal) && story.doubt.empty();
  if (can_count) {
    const auto entries = entries_since(book, position, story.opened);
    const std::size_t orders = story.opening_orders.size();
    if (entries && orders > std::max<std::size_t>(*entries, 1)) tell(story, *entries, finding);
  }
  if (!finding.evidence.empty()) {
    finding.message = words(position) + finding.message + ".";
    finding.evidence.emplace_back("entry_price", to_text(position.entry_price));
    return model::Verdict::breach(std::move(finding));
  }
  for (const Feed feed : {Feed::private_stream, Feed::trades}) {
    if (snapshot.feed(feed).used && !snapshot.fresh(feed)) return unknown_feed(snapshot, feed);
  }
  if (!by_journal || (can_count && book.fills_since)) return model::Verdict::clear();
  if (!snapshot.fresh(Feed::journal)) return unknown_feed(snapshot, Feed::journal);
  return model::Verdict::unknown(
      story.doubt.empty() ? "the trades of " + position.symbol + " are not all known"
                          : "the trades of " + position.symbol + " do not add up: " + story.doubt);
}

}  // namespace vakthund::rules
