#include "tests/bench/account.h"

#include <fmt/format.h>

namespace vakthund::bench {
namespace {

using namespace model::literals;
using guard::Event;

constexpr std::int64_t kWallMs = 1'791'283'239'000;

bool is_long(int number) { return number % 2 == 0; }

model::Position position_of(int number) {
  model::Position position;
  position.symbol = symbol_of(number);
  position.quantity = is_long(number) ? 2.5_d : -2.5_d;
  position.entry_price = 100_d;
  position.mark_price = 100.25_d;
  position.liquidation_price = is_long(number) ? 95.5_d : 104.5_d;
  position.initial_margin = 12.5_d;
  position.maintenance_margin = 1.25_d;
  position.updated = model::from_epoch_ms(kWallMs - 3'600'000);
  return position;
}

model::Order order_of(int number, model::OrderSource source) {
  const bool algo = source == model::OrderSource::algo;
  model::Order order;
  order.id = {source, (algo ? 1'000'000'000'000 : 190'000'000'000) + number};
  order.client_id = fmt::format("x-{}-{}", algo ? "sl" : "tp", number);
  order.symbol = symbol_of(number);
  order.side = is_long(number) ? model::Side::sell : model::Side::buy;
  order.position_side = model::PositionSide::both;
  order.type = algo ? model::OrderType::stop_market : model::OrderType::limit;
  order.status = model::OrderStatus::new_;
  order.quantity = 2.5_d;
  order.reduce_only = true;
  order.working_type = model::WorkingType::mark_price;
  if (algo) {
    order.trigger_price = is_long(number) ? 98_d : 102_d;
  } else {
    order.price = is_long(number) ? 103_d : 97_d;
  }
  order.updated = model::from_epoch_ms(kWallMs - 3'500'000);
  return order;
}

// As exchangeInfo answers: every symbol of the market, ours among them.
guard::FiltersRead all_filters(int positions) {
  guard::FiltersRead read;
  const int all = std::max(positions, kMarketSymbols);
  for (int i = 0; i < all; ++i) {
    model::SymbolFilters filters;
    filters.symbol = symbol_of(i);
    filters.tick_size = 0.01_d;
    filters.market_min_quantity = 0.1_d;
    filters.market_max_quantity = 1000_d;
    filters.market_step = 0.1_d;
    filters.status = "TRADING";
    read.filters.push_back(std::move(filters));
  }
  read.asked = now().mono;
  return read;
}

std::vector<Event> first_reads(int positions) {
  guard::PositionsRead held;
  guard::OrdersRead regular{model::OrderSource::regular, "", {}, now().mono};
  guard::OrdersRead algo{model::OrderSource::algo, "", {}, now().mono};
  guard::SymbolConfigsRead configs{{}, now().mono};
  guard::MarkPrices marks;
  guard::JournalRead journal;
  held.asked = now().mono;
  for (int i = 0; i < positions; ++i) {
    held.positions.push_back(position_of(i));
    regular.orders.push_back(order_of(i, model::OrderSource::regular));
    algo.orders.push_back(order_of(i, model::OrderSource::algo));
    configs.configs.push_back({symbol_of(i), 20});
    marks.ticks.push_back({symbol_of(i), 100.25_d, now().wall});
    model::JournalEntry entry;
    entry.symbol = symbol_of(i);
    entry.side = is_long(i) ? model::Side::buy : model::Side::sell;
    entry.quantity = 2.5_d;
    entry.entry_price = 100_d;
    entry.stop_price = is_long(i) ? 98_d : 102_d;
    journal.entries.push_back(std::move(entry));
  }
  guard::AccountRead account;
  account.totals.margin_balance = 100000_d;
  account.totals.maintenance_margin = 1000_d;
  account.asked = now().mono;
  model::AccountConfig mode;
  mode.mode = model::PositionMode::one_way;
  std::vector<Event> events;
  for (const auto feed : {model::Feed::market_stream, model::Feed::private_stream}) {
    events.push_back(guard::StreamState{feed, true, ""});
  }
  events.push_back(all_filters(positions));
  events.push_back(std::move(configs));
  events.push_back(guard::AccountConfigRead{mode, now().mono});
  events.push_back(std::move(account));
  events.push_back(std::move(held));
  events.push_back(std::move(regular));
  events.push_back(std::move(algo));
  events.push_back(std::move(marks));
  events.push_back(std::move(journal));
  return events;
}

std::string mark_price_event(std::string_view symbol, std::string_view price, int product) {
  return fmt::format(
      R"({{"e":"markPriceUpdate","E":{},"s":"{}","p":"{}","i":"86059.26913043",)"
      R"("P":"86090.55903865","r":"-0.00003629","ap":"86026.30000000","T":1791302400000,"st":{}}})",
      kWallMs, symbol, price, product);
}

}  // namespace

model::Now now() {
  static const model::Now instant{model::MonoTime(std::chrono::hours(1)),
                                  model::from_epoch_ms(kWallMs)};
  return instant;
}

std::string symbol_of(int number) { return fmt::format("COIN{:04}USDT", number); }

guard::Guard account_with(int positions) {
  guard::GuardSettings settings;
  settings.account = "main";
  settings.has_journal = true;
  // It rests on a peak that only a daemon which has run for a while knows.
  settings.rules.account_drawdown.policy.enabled = false;
  guard::Guard guard(settings);
  guard.on(first_reads(positions), now());
  return guard;
}

void Frame::number_at(std::size_t place, std::size_t digits, std::int64_t number) {
  for (std::size_t i = digits; i-- > 0; number /= 10) {
    bytes_[place + i] = static_cast<char>('0' + number % 10);
  }
}

Frame mark_price_frame(int symbol, std::string_view price) {
  return Frame(fmt::format(R"({{"stream":"!markPrice@arr@1s","data":{}}})",
                           mark_price_event(symbol_of(symbol), price, 1)));
}

Frame market_frame(std::string_view price) {
  std::string text = R"({"stream":"!markPrice@arr@1s","data":[)";
  const int usd_margined = kMarketSymbols - kCoinMarginedSymbols;
  for (int i = 0; i < kMarketSymbols; ++i) {
    if (i > 0) text += ',';
    // Every ninth is coin-margined, as they come: mixed.
    const bool coin_margined = i % 9 == 8;
    const std::string name = coin_margined ? fmt::format("COIN{:04}USD_PERP", i / 9)
                                           : symbol_of((i - i / 9) * 37 % usd_margined);
    text += mark_price_event(name, price, coin_margined ? 2 : 1);
  }
  return Frame(text + "]}");
}

Frame order_frame(int symbol) {
  return Frame(fmt::format(
      R"({{"e":"ORDER_TRADE_UPDATE","T":1791283239000,"E":1791283239000,"o":{{"s":"{}",)"
      R"("c":"bot_BOTH_1771856732181_1","S":"{}","o":"LIMIT","f":"GTC","q":"2.5","p":"103",)"
      R"("ap":"0","sp":"0","x":"NEW","X":"NEW","i":{},"l":"0","z":"0","L":"0","n":"0","N":"USDT",)"
      R"("T":1791283239000,"t":0,"b":"0","a":"0","m":false,"R":true,"wt":"CONTRACT_PRICE",)"
      R"("ot":"LIMIT","ps":"BOTH","cp":false,"rp":"0","pP":false,"si":0,"ss":0,)"
      R"("V":"EXPIRE_MAKER","pm":"NONE","gtd":0,"er":"0"}}}})",
      symbol_of(symbol), is_long(symbol) ? "SELL" : "BUY", kDigits));
}

Frame algo_frame(int symbol) {
  return Frame(fmt::format(
      R"({{"e":"ALGO_UPDATE","T":1791283239000,"E":1791283239001,"o":{{"caid":"O-2025-000-1",)"
      R"("aid":{},"at":"CONDITIONAL","o":"STOP_MARKET","s":"{}","S":"{}","ps":"BOTH",)"
      R"("f":"GTC","q":"2.5","X":"NEW","ai":"","tp":"{}","p":"0","V":"EXPIRE_MAKER",)"
      R"("wt":"MARK_PRICE","pm":"NONE","cp":false,"pP":false,"R":true,"tt":0,"gtd":0}}}})",
      kDigits, symbol_of(symbol), is_long(symbol) ? "SELL" : "BUY",
      is_long(symbol) ? "98" : "102"));
}

Frame account_frame(int symbol) {
  return Frame(fmt::format(
      R"({{"e":"ACCOUNT_UPDATE","T":1791283239000,"E":1791283239000,"a":{{"B":[{{"a":"USDT",)"
      R"("wb":"1.73744723","cw":"1.73744723","bc":"0"}}],"P":[{{"s":"{}","pa":"{}2.5",)"
      R"("ep":"100","cr":"26.83159999","up":"0","mt":"cross","iw":"0","ps":"BOTH","ma":"USDT",)"
      R"("bep":"100.05"}}],"m":"ORDER"}}}})",
      symbol_of(symbol), is_long(symbol) ? "" : "-"));
}

Frame positions_answer(int positions) {
  std::string text = "[";
  for (int i = 0; i < positions; ++i) {
    if (i > 0) text += ',';
    text += fmt::format(
        R"({{"symbol":"{}","positionSide":"BOTH","positionAmt":"{}2.5","entryPrice":"100.0",)"
        R"("breakEvenPrice":"100.05","markPrice":"100.25000000","unRealizedProfit":"0.625",)"
        R"("liquidationPrice":"95.5","isolatedMargin":"0","notional":"250.625",)"
        R"("marginAsset":"USDT","isolatedWallet":"0","initialMargin":"12.5",)"
        R"("maintMargin":"1.25","positionInitialMargin":"12.5","openOrderInitialMargin":"0",)"
        R"("adl":2,"bidNotional":"0","askNotional":"0","updateTime":1791279639000}})",
        symbol_of(i), is_long(i) ? "" : "-");
  }
  return Frame(text + "]");
}

}  // namespace vakthund::bench
