#include "watchdog/guard/closing.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using model::Duration;
using model::MonoTime;
using model::Position;
using model::PositionKey;

constexpr Duration kGather = 250ms;  // for the answers of others before one read-back for all
constexpr Duration kLagPause = 200ms;
constexpr int kLaggingReads = 5;
constexpr Duration kLookupLost = 5s;
constexpr Duration kCancelLost = 6s;
constexpr Duration kAnswerLost = 15s;

}  // namespace

Closing::Closing(std::string kill_prefix, int attempt, std::optional<PositionKey> only, Note note)
    : kill_prefix_(kill_prefix + "-"),
      id_prefix_(fmt::format("{}-{}", kill_prefix, attempt)),
      only_(std::move(only)),
      note_(std::move(note)) {}

void Closing::advance(const Book& book, bool allowed, model::Now now, Commands& out) {
  filters_.advance(now.mono, out);
  mode_.advance(now.mono, out);
  if (positions_.satisfied() && !taken_) {
    taken_ = true;
    take_positions(book, now);
  }
  look_up_unknown(now, out);
  if (allowed) send_due(book, now, out);
  read_back(now);
  positions_.advance(now.mono, out);
}

void Closing::take_positions(const Book& book, model::Now now) {
  for (const Position* position : book.open_positions()) {
    const PositionKey key = position->key();
    if (only_ && key != *only_) continue;
    const auto [at, fresh] = legs_.try_emplace(key);
    if (!fresh) continue;
    at->second.closed = closed_.size();
    ClosedPosition& closed = closed_.emplace_back();
    closed.position = *position;
    const model::SymbolBook* symbol = book.snapshot().symbol(key.symbol);
    closed.mark_price = symbol->mark ? std::optional(symbol->mark->price) : position->mark_price;
  }
  for (auto& [key, leg] : legs_) take_leg(book, key, leg, now);
}

void Closing::take_leg(const Book& book, const PositionKey& key, Leg& leg, model::Now now) {
  const model::SymbolBook* symbol = book.snapshot().symbol(key.symbol);
  const bool open = symbol && symbol->position(key.position_side);
  switch (leg.state) {
    case Leg::State::flat:
      if (open) reopen(key, leg);
      return;
    case Leg::State::sent:
      return;  // its own read-back follows
    case Leg::State::reading_back: {
      if (book.positions_asked() < leg.answered_at) return;
      if (open && leg.filled_whole() && leg.lagging_reads < kLaggingReads) {
        ++leg.lagging_reads;  // filled for all there was: the list lags behind
        leg.answered_at = now.mono + kLagPause;
        return;
      }
      if (open) {
        leg.state = Leg::State::idle;
        // The first remainder goes out at once; a market that does not take it is not hammered.
        if (leg.attempts > 1 && !leg.sent.empty()) {
          leg.next_try = std::max(leg.next_try, now.mono + back_off(100ms, leg.attempts - 1, 5s));
        }
        return;
      }
      break;
    }
    case Leg::State::idle:
    case Leg::State::canceling:
      if (open) return;
      break;
  }
  leg.state = Leg::State::flat;
  closed_[leg.closed].flat = true;
  note_(fmt::format("{} is flat", key.symbol));
}

void Closing::reopen(const PositionKey& key, Leg& leg) {
  note_(fmt::format("{} is open again", key.symbol));
  Leg anew;
  anew.closed = leg.closed;
  leg = std::move(anew);
  closed_[leg.closed].flat = false;
}

// By what is open of each now; what is not known goes first.
std::vector<std::pair<const PositionKey, Leg>*> Closing::largest_first(const Book& book) {
  std::vector<std::pair<model::Decimal, std::pair<const PositionKey, Leg>*>> ranked;
  for (auto& item : legs_) {
    const model::SymbolBook* symbol = book.snapshot().symbol(item.first.symbol);
    const Position* position = symbol ? symbol->position(item.first.position_side) : nullptr;
    ranked.emplace_back(position ? risk_of(*position) : model::Decimal(), &item);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::pair<const PositionKey, Leg>*> sorted;
  for (const auto& [risk, item] : ranked) sorted.push_back(item);
  return sorted;
}

MonoTime Closing::next_try(const Leg& leg) const {
  const MonoTime filters = filters_.satisfied() ? MonoTime() : leg.filters_until;
  return std::max({leg.next_try, nobody_before_, filters});
}

bool Closing::may_send(const Leg& leg, MonoTime now) const {
  return leg.state == Leg::State::idle && next_try(leg) <= now;
}

void Closing::send_due(const Book& book, model::Now now, Commands& out) {
  PlaceOrders orders;
  for (auto* item : largest_first(book)) {
    const PositionKey& key = item->first;
    Leg& leg = item->second;
    const bool lost_cancel = leg.state == Leg::State::canceling && leg.next_try <= now.mono;
    if (lost_cancel) canceled(key.symbol);
    if (!may_send(leg, now.mono)) continue;
    const model::SymbolBook* symbol = book.snapshot().symbol(key.symbol);
    const Position* position = symbol ? symbol->position(key.position_side) : nullptr;
    // A stream says it has gone, and a read must say so too; or it has waited for long.
    if (!position || leg.must_look) {
      if (leg.must_look) leg.end_attempt();
      leg.must_look = false;
      leg.state = Leg::State::reading_back;
      leg.answered_at = now.mono;
      continue;
    }
    if (cancel_first(book, key, leg, now, out)) continue;
    send(key, leg, *symbol, *position, now, orders);
  }
  if (!orders.orders.empty()) out.push_back(std::move(orders));
}

void Closing::send(const PositionKey& key, Leg& leg, const model::SymbolBook& symbol,
                   const Position& position, model::Now now, PlaceOrders& orders) {
  ++leg.attempts;
  leg.end_attempt();
  const auto mark = symbol.mark ? model::MaybeDecimal(symbol.mark->price) : std::nullopt;
  auto pieces = ReducingOrder::close(position, symbol.filters ? &*symbol.filters : nullptr,
                                     id_prefix_, next_number_, leg.manner(position, mark));
  if (pieces.has_error()) {
    leg.trouble = pieces.error().message;
    leg.next_try = now.mono + back_off(1s, leg.attempts, 10s);
    leg.must_look = true;
    return;
  }
  leg.state = Leg::State::sent;
  leg.sent_at = now.mono;
  leg.lost = false;
  leg.lagging_reads = 0;
  closed_[leg.closed].orders += static_cast<int>(pieces->size());
  next_number_ += static_cast<int>(pieces->size());
  const model::MaybeDecimal limit = pieces->front().limit_price();
  note_(fmt::format("{} {}: {} {} order{} to {} {} sent{}", key.symbol, position.side(),
                    pieces->size(), limit ? "IOC limit" : "market", pieces->size() == 1 ? "" : "s",
                    position.is_long() ? "sell" : "buy", position.quantity.abs().to_string(),
                    limit ? " at " + to_text(limit) : ""));
  for (ReducingOrder& order : *pieces) {
    leg.sent[order.client_id()].symbol = key.symbol;
    orders.orders.push_back(std::move(order));
  }
}

// A resting reduce-only order can block the close (binance.md §4). True: wait for the answer.
bool Closing::cancel_first(const Book& book, const PositionKey& key, Leg& leg, model::Now now,
                           Commands& out) {
  const model::Snapshot& snapshot = book.snapshot();
  const auto& orders = snapshot.symbol(key.symbol)->orders;
  const bool rests = std::any_of(orders.begin(), orders.end(), [](const model::Order& order) {
    return order.id.source == model::OrderSource::regular;
  });
  const bool in_the_way =
      !only_ && !leg.way_is_clear && (rests || !snapshot.fresh(model::Feed::regular_orders));
  if (!leg.must_cancel && !in_the_way) return false;
  const bool under_way = std::any_of(legs_.begin(), legs_.end(), [&](const auto& item) {
    return item.first.symbol == key.symbol && item.second.state == Leg::State::canceling;
  });
  if (!under_way) out.push_back(CancelOrders{key.symbol, model::OrderSource::regular});
  leg.state = Leg::State::canceling;
  leg.next_try = now.mono + kCancelLost;
  return true;
}

void Closing::canceled(const std::string& symbol) {
  for (auto& [key, leg] : legs_) {
    if (key.symbol != symbol || leg.state != Leg::State::canceling) continue;
    leg.state = Leg::State::idle;
    leg.way_is_clear = true;
    leg.must_cancel = false;
    leg.next_try = MonoTime{};
  }
}

void Closing::look_up_unknown(model::Now now, Commands& out) {
  for (auto& [key, leg] : legs_) {
    // The shell answers for everything it sends; should it not, this does.
    if (leg.state == Leg::State::sent && !leg.lost && now.mono >= leg.sent_at + kAnswerLost) {
      leg.lost = true;
      for (auto& [client_id, sent] : leg.sent) sent.unknown = !sent.answered;
    }
    for (auto& [client_id, sent] : leg.sent) {
      if (!sent.unknown || sent.next_lookup > now.mono) continue;
      if (sent.asked) {
        give_up_lookup(leg, sent, now);
        continue;
      }
      sent.asked = true;
      sent.next_lookup = now.mono + kLookupLost;
      out.push_back(Read{Read::What::order, sent.symbol, client_id, {}, true});
    }
  }
}

// The instant from which positions must be read for those whose orders have been answered;
// nullopt: nobody waits for a read that is not already asked for.
std::optional<MonoTime> Closing::read_back_at() const {
  std::optional<MonoTime> first, last;
  bool others_wait = false;
  for (const auto& [key, leg] : legs_) {
    others_wait = others_wait || leg.state == Leg::State::sent;
    if (leg.state != Leg::State::reading_back || leg.answered_at <= positions_.since()) continue;
    first = first ? std::min(*first, leg.answered_at) : leg.answered_at;
    last = last ? std::max(*last, leg.answered_at) : leg.answered_at;
  }
  if (!first) return std::nullopt;
  return others_wait ? *first + kGather : *last;
}

void Closing::read_back(model::Now now) {
  const auto at = read_back_at();
  if (!at) return;
  const bool somebody_waits = std::any_of(legs_.begin(), legs_.end(), [](const auto& item) {
    return item.second.state == Leg::State::sent;
  });
  if (somebody_waits && now.mono < *at) return;
  positions_.need_at(std::max(now.mono, *at));
}

bool Closing::flat() const {
  return taken_ && positions_.satisfied() &&
         std::all_of(legs_.begin(), legs_.end(),
                     [](const auto& item) { return item.second.state == Leg::State::flat; });
}

std::vector<std::string> Closing::stuck() const {
  std::vector<std::string> list;
  if (positions_.failures() >= kTold) list.push_back("positions cannot be read: " + read_trouble_);
  for (const auto& [key, leg] : legs_) {
    if (leg.state == Leg::State::flat) continue;
    if (leg.needs_person) {
      list.push_back(
          fmt::format("{} is refused, a person must mend it: {}", key.symbol, leg.trouble));
      continue;
    }
    if (leg.attempts < kTold) continue;
    list.push_back(fmt::format("{} resists after {} attempts: {}", key.symbol, leg.attempts,
                               leg.trouble.empty() ? "filled in part only" : leg.trouble));
  }
  return list;
}

std::optional<MonoTime> Closing::next_deadline(bool allowed) const {
  std::optional<MonoTime> next;
  const auto sooner = [&](std::optional<MonoTime> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  sooner(positions_.next_deadline());
  sooner(filters_.next_deadline());
  sooner(mode_.next_deadline());
  sooner(read_back_at());
  for (const auto& [key, leg] : legs_) {
    if (allowed && leg.state == Leg::State::idle) sooner(next_try(leg));
    if (allowed && leg.state == Leg::State::canceling) sooner(leg.next_try);
    if (leg.state == Leg::State::sent && !leg.lost) sooner(leg.sent_at + kAnswerLost);
    for (const auto& [id, sent] : leg.sent) {
      if (sent.unknown) sooner(sent.next_lookup);
    }
  }
  return next;
}

}  // namespace vakthund::guard
