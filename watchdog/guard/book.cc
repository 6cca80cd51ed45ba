#include "watchdog/guard/book.h"

#include <algorithm>

namespace vakthund::guard {
namespace {

using model::Feed;
using model::Order;
using model::OrderId;
using model::Position;
using model::PositionSide;
using model::SymbolBook;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

bool is_symbol_of_interest(const SymbolBook& book, model::WallTime remembered_since) {
  const bool traded = !book.fills.empty() && book.fills.back().time >= remembered_since;
  return !book.positions.empty() || !book.orders.empty() || book.bot_position ||
         book.journal_entry || book.claim || traded;
}

}  // namespace

bool follows_last_price(const SymbolBook& book) {
  if (book.positions.empty()) return false;
  // Price protection compares both prices, whichever one the trigger watches.
  const auto watches = [](const Order& order) {
    return order.trigger_price &&
           (order.working_type == model::WorkingType::contract_price || order.price_protect);
  };
  return std::any_of(book.orders.begin(), book.orders.end(), watches) ||
         std::any_of(book.remembered_stops.begin(), book.remembered_stops.end(),
                     [&](const model::RememberedStop& gone) { return watches(gone.order); });
}

Feed feed_of(Read::What what) {
  switch (what) {
    case Read::What::positions:
      return Feed::positions;
    case Read::What::regular_orders:
      return Feed::regular_orders;
    case Read::What::algo_orders:
      return Feed::algo_orders;
    case Read::What::account:
      return Feed::account;
    case Read::What::account_config:
      return Feed::account_config;
    case Read::What::symbol_configs:
      return Feed::symbol_config;
    case Read::What::filters:
      return Feed::filters;
    case Read::What::order:
      return Feed::regular_orders;
    case Read::What::fills:
    case Read::What::regular_history:
    case Read::What::algo_history:
    case Read::What::forced_orders:
      return Feed::trades;
    case Read::What::income:
      return Feed::income;
  }
  return Feed::positions;
}

Book::Book(std::string account, const Freshnesses& freshnesses) : freshnesses_(freshnesses) {
  snapshot_.account = std::move(account);
  const auto set = [&](Feed feed, model::Duration max_age, bool used) {
    snapshot_.feed(feed).max_age = max_age;
    snapshot_.feed(feed).used = used;
  };
  set(Feed::positions, freshnesses.positions, true);
  set(Feed::regular_orders, freshnesses.orders, true);
  set(Feed::algo_orders, freshnesses.orders, true);
  set(Feed::account, freshnesses.account, true);
  set(Feed::account_config, freshnesses.settings, true);
  set(Feed::symbol_config, freshnesses.settings, true);
  set(Feed::filters, freshnesses.settings, true);
  set(Feed::mark_prices, freshnesses.prices, true);
  set(Feed::last_prices, model::Duration::zero(), false);
  set(Feed::private_stream, freshnesses.streams, true);
  set(Feed::market_stream, freshnesses.prices, true);
  for (const Feed feed : {Feed::bot_health, Feed::bot_positions, Feed::journal, Feed::container,
                          Feed::container_log}) {
    set(feed, freshnesses.bot, false);
  }
  set(Feed::trades, freshnesses.trades, false);
  set(Feed::income, freshnesses.income, false);
  set(Feed::exchange, freshnesses.exchange, false);
  set(Feed::readiness, freshnesses.readiness, false);
}

std::optional<model::MonoTime> Book::next_stale(model::MonoTime now) const {
  std::optional<model::MonoTime> next;
  for (const model::FeedState& feed : snapshot_.feeds) {
    if (!feed.used || feed.freshness(now) != model::Freshness::fresh) continue;
    if (feed.max_age == model::Duration::zero()) continue;
    const model::MonoTime at = *feed.as_of + feed.max_age + model::Duration(1);
    if (!next || at < *next) next = at;
  }
  return next;
}

std::optional<model::MonoTime> Book::positions_asked() const {
  return snapshot_.feed(Feed::positions).as_of;
}

std::vector<const Position*> Book::open_positions() const {
  std::vector<const Position*> open;
  for (const auto& [name, book] : snapshot_.symbols) {
    for (const Position& position : book.positions) open.push_back(&position);
  }
  return open;
}

std::size_t Book::open_orders(model::OrderSource source) const {
  std::size_t count = 0;
  for (const auto& [name, book] : snapshot_.symbols) {
    count += static_cast<std::size_t>(
        std::count_if(book.orders.begin(), book.orders.end(),
                      [&](const Order& order) { return order.id.source == source; }));
  }
  return count;
}

SymbolBook& Book::symbol(const std::string& name) {
  const auto [at, fresh] = snapshot_.symbols.try_emplace(name);
  if (fresh) {
    at->second.symbol = name;
    by_name_.emplace(at->first, &at->second);
    const auto filters = filters_.find(name);
    if (filters != filters_.end()) at->second.filters = filters->second;
    const auto config = configs_.find(name);
    if (config != configs_.end()) at->second.config = config->second;
  }
  return at->second;
}

void Book::fresh(Feed feed, model::MonoTime as_of) {
  model::FeedState& state = snapshot_.feed(feed);
  state.as_of = state.as_of ? std::max(*state.as_of, as_of) : as_of;
  state.trouble.clear();
  state.down = false;
}

bool Book::overtaken(Feed feed, model::MonoTime asked) const {
  const auto newest = snapshot_.feed(feed).as_of;
  return newest && asked < *newest;
}

bool Book::has_room_for(const std::string& name) const {
  return snapshot_.symbols.size() < kMaxSymbols || snapshot_.symbol(name);
}

// A last price that nobody follows is as old as one likes.
void Book::forget_last_prices() {
  for (auto& [name, book] : snapshot_.symbols) {
    if (book.last && !follows_last_price(book)) book.last.reset();
  }
}

void Book::set_time(model::Now now) {
  snapshot_.time = now;
  if (!snapshot_.began) snapshot_.began = now.mono;
  snapshot_.activity = activity_.roll(now.mono);
}

void Book::note_weight(const model::Exchange& seen, model::Now now) {
  const bool old = now.mono - busiest_seen_ > kBusiestKept;
  if (!old && seen.weight_used < snapshot_.busiest_minute.weight_used) return;
  snapshot_.busiest_minute = seen;
  busiest_seen_ = now.mono;
}

void Book::prune() {
  const auto since =
      snapshot_.time.wall - std::chrono::duration_cast<std::chrono::milliseconds>(kRemembered);
  std::erase_if(snapshot_.symbols, [&](const auto& item) {
    if (is_symbol_of_interest(item.second, since)) return false;
    by_name_.erase(item.first);
    return true;
  });
}

void Book::apply(const Event& event, model::Now now, Touched& touched) {
  snapshot_.time = now;
  const auto trouble = [&](Feed feed, const std::string& text) {
    snapshot_.feed(feed).trouble = text;
    touched.all = true;
  };
  std::visit(Overloaded{
                 [&](const PositionsRead& e) { on(e, now, touched); },
                 [&](const OrdersRead& e) { on(e, now, touched); },
                 [&](const PositionChanged& e) { on(e, now, touched); },
                 [&](const OrderChanged& e) { on(e, now, touched); },
                 [&](const FillSeen& e) { on(e, now, touched); },
                 [&](const FillsRead& e) { on(e, touched); },
                 [&](const OrderHistoryRead& e) { on(e, now, touched); },
                 [&](const ForcedOrdersRead& e) { on(e, touched); },
                 [&](const ExchangeSeen& e) {
                   note_weight(e.exchange, now);
                   snapshot_.exchange = e.exchange;
                   fresh(Feed::exchange, now.mono);
                   touched.account = true;
                 },
                 [&](const OrderPlaced&) {},  // told again by the stream and by the next read
                 [&](const AccountRead& e) {
                   snapshot_.totals = e.totals;
                   fresh(Feed::account, e.asked);
                   touched.all = true;
                 },
                 [&](const AccountConfigRead& e) {
                   snapshot_.config = e.config;
                   fresh(Feed::account_config, e.asked);
                 },
                 [&](const SymbolConfigsRead& e) { on(e, touched); },
                 [&](const FiltersRead& e) { on(e); },
                 [&](const LeverageChanged& e) {
                   configs_[e.symbol] = {e.symbol, e.leverage};
                   const auto at = snapshot_.symbols.find(e.symbol);
                   if (at != snapshot_.symbols.end()) at->second.config = configs_[e.symbol];
                   touched.symbols.push_back(e.symbol);
                 },
                 [&](const ReadFailed& e) { trouble(feed_of(e.read.what), e.error.message); },
                 [&](const MarkPrices& e) { on_prices(e.ticks, true, now, touched); },
                 [&](const LastPrices& e) { on_prices(e.ticks, false, now, touched); },
                 [&](const StreamState& e) {
                   on(e, now);
                   touched.all = true;
                 },
                 [&](const StreamAlive& e) { fresh(e.feed, now.mono); },
                 [&](const Undecodable& e) { trouble(e.feed, e.what); },
                 [&](const BotHealthSeen& e) {
                   snapshot_.bot_health = e.health;
                   fresh(Feed::bot_health, now.mono);
                 },
                 [&](const BotPositionsRead& e) { on(e, now, touched); },
                 [&](const JournalRead& e) { on(e, now, touched); },
                 [&](const ClaimSeen& e) {
                   if (has_room_for(e.claim.symbol)) symbol(e.claim.symbol).claim = e.claim;
                   fresh(Feed::container_log, now.mono);
                 },
                 [&](const ContainerSeen& e) {
                   snapshot_.container = e.container;
                   fresh(Feed::container, now.mono);
                 },
                 [&](const FeedFailed& e) { trouble(e.feed, e.error.message); },
                 [&](const FeedAlive& e) { fresh(e.feed, now.mono); },
                 [](const auto&) {},  // outcomes, people and time are the guard's and the plan's
             },
             event);
  const bool prices =
      std::holds_alternative<MarkPrices>(event) || std::holds_alternative<LastPrices>(event);
  if (!prices && (touched.all || !touched.symbols.empty())) forget_last_prices();
}

void Book::on(const SymbolConfigsRead& event, Touched& touched) {
  for (const model::SymbolConfig& config : event.configs) {
    configs_[config.symbol] = config;
    const auto at = snapshot_.symbols.find(config.symbol);
    if (at != snapshot_.symbols.end()) at->second.config = config;
  }
  fresh(Feed::symbol_config, event.asked);
  touched.all = true;
}

void Book::on(const FiltersRead& event) {
  for (const model::SymbolFilters& filters : event.filters) {
    filters_[filters.symbol] = filters;
    const auto at = snapshot_.symbols.find(filters.symbol);
    if (at != snapshot_.symbols.end()) at->second.filters = filters;
  }
  fresh(Feed::filters, event.asked);
}

void Book::on(const StreamState& event, model::Now now) {
  model::FeedState& state = snapshot_.feed(event.feed);
  if (event.feed == Feed::market_stream) {
    // What was traded meanwhile was missed.
    for (auto& [name, book] : snapshot_.symbols) book.last.reset();
  }
  if (event.feed == Feed::private_stream) {
    activity_.stream(event.up, now.mono);
    if (!event.up) forget_trades_before_gap();
    for (const Feed orders : {Feed::regular_orders, Feed::algo_orders}) {
      snapshot_.feed(orders).max_age =
          event.up ? freshnesses_.orders_streamed : freshnesses_.orders;
    }
  }
  if (event.up) {
    fresh(event.feed, now.mono);
  } else {
    state.down = true;
    state.trouble = event.why;
  }
}

void Book::on_prices(const std::vector<PriceTick>& ticks, bool mark, model::Now now,
                     Touched& touched) {
  for (const PriceTick& tick : ticks) {
    const auto at = by_name_.find(tick.symbol);
    if (at == by_name_.end()) continue;
    SymbolBook& book = *at->second;
    if (!mark && !follows_last_price(book)) continue;
    auto& quote = mark ? book.mark : book.last;
    // A tick that was overtaken on the way.
    if (quote && tick.stamped < quote->stamped) continue;
    quote = model::Quote{tick.price, now.mono, tick.stamped};
    if (!book.positions.empty()) touched.symbols.push_back(book.symbol);
  }
  fresh(mark ? Feed::mark_prices : Feed::last_prices, now.mono);
}

void Book::on(const BotPositionsRead& event, model::Now now, Touched& touched) {
  for (auto& [name, book] : snapshot_.symbols) {
    book.bot_position.reset();
    book.bot_positions.clear();
  }
  for (const model::BotPosition& position : event.positions) {
    if (!has_room_for(position.symbol)) continue;
    SymbolBook& book = symbol(position.symbol);
    book.bot_position = position;
    book.bot_positions.push_back(position);
  }
  fresh(Feed::bot_positions, now.mono);
  prune();
  touched.all = true;
}

void Book::on(const JournalRead& event, model::Now now, Touched& touched) {
  for (auto& [name, book] : snapshot_.symbols) {
    book.journal_entry.reset();
    book.journal_entries.clear();
  }
  for (const model::JournalEntry& entry : event.entries) {
    if (has_room_for(entry.symbol)) symbol(entry.symbol).journal_entry = entry;
  }
  // History alone does not make a symbol one of ours.
  for (const model::JournalEntry& entry : event.recent) {
    const auto at = snapshot_.symbols.find(entry.symbol);
    if (at == snapshot_.symbols.end()) continue;
    auto& entries = at->second.journal_entries;
    if (entries.size() < SymbolBook::kMaxJournal) entries.push_back(entry);
  }
  fresh(Feed::journal, now.mono);
  prune();
  touched.all = true;
}

}  // namespace vakthund::guard
