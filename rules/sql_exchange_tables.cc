// What the exchange says, as tables: positions, orders, stops, marks, fills.

#include "rules/protection.h"
#include "rules/sql_row.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::MaybeDecimal;
using model::Snapshot;
using model::SymbolBook;
using enum SqlType;

constexpr FeedSet kMarks{Feed::mark_prices};
constexpr FeedSet kOrders{Feed::regular_orders, Feed::algo_orders};

struct PositionRow {
  const Snapshot& snapshot;
  const SymbolBook& book;
  const model::Position& position;
  MaybeDecimal mark;  // fresh
  const Protection& protection;
};

template <class Take>
void each_position(const Snapshot& snapshot, Take&& take) {
  for (const auto& [name, book] : snapshot.symbols) {
    for (const model::Position& position : book.positions) {
      const Protection protection = prove(snapshot, book, position);
      take(PositionRow{snapshot, book, position, fresh_mark(snapshot, book), protection});
    }
  }
}

struct OrderRow {
  const Snapshot& snapshot;
  const model::Order& order;
};

struct StopRow {
  const PositionRow& of;
  const StopVerdict& verdict;
};

struct MarkRow {
  const Snapshot& snapshot;
  const SymbolBook& book;
};

struct FillRow {
  const Snapshot& snapshot;
  const model::Fill& fill;
};

std::vector<SqlField<PositionRow>> position_fields() {
  using R = PositionRow;
  return {
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.position.symbol); }},
      {"position_side", text, "", "BOTH in one-way mode; LONG or SHORT in hedge mode",
       [](const R& r) { return sql(to_string(r.position.position_side)); }},
      {"side", text, "", "LONG or SHORT", [](const R& r) { return sql(r.position.side()); }},
      {"quantity", real, "base", "its size, never negative",
       [](const R& r) { return sql(r.position.quantity.abs()); }},
      {"entry_price", real, "price", "average price of its entries",
       [](const R& r) { return sql(r.position.entry_price); }},
      {"mark_price", real, "price", "the mark price now", [](const R& r) { return sql(r.mark); },
       kMarks},
      {"liquidation_price", real, "price", "as the exchange estimates it; NULL: it has none",
       [](const R& r) { return sql(r.position.liquidation_price); }},
      {"notional", real, "quote", "quantity x mark price",
       [](const R& r) { return sql(notional(r.position, r.mark)); }, kMarks},
      {"entry_notional", real, "quote", "quantity x entry price",
       [](const R& r) { return sql(notional(r.position, r.position.entry_price)); }},
      {"unrealized_pnl", real, "quote", "at the mark price; a loss is negative",
       [](const R& r) { return sql(unrealized_pnl(r.position, r.mark)); }, kMarks},
      {"loss_ratio", real, "ratio", "lost per notional at entry: 0.02 is a loss of 2 %",
       [](const R& r) { return sql(loss_ratio(r.position, r.mark)); }, kMarks},
      {"leverage",
       integer,
       "",
       "as the symbol is set",
       [](const R& r) { return r.book.config ? sql(r.book.config->leverage) : SqlValue(); },
       {Feed::symbol_config}},
      {"isolated", integer, "0/1", "its margin is its own",
       [](const R& r) { return sql(r.position.isolated); }},
      {"initial_margin", real, "quote", "as last read",
       [](const R& r) { return sql(r.position.initial_margin); }},
      {"maintenance_margin", real, "quote", "as last read",
       [](const R& r) { return sql(r.position.maintenance_margin); }},
      {"protection", text, "", "what the working stops cover: full, partial, none or unknown",
       [](const R& r) { return sql(to_string(r.protection.status)); }, kOrders | kMarks},
      {"covered_quantity", real, "base", "covered by working stops",
       [](const R& r) {
         const bool unknown = r.protection.status == Protection::Status::unknown;
         return unknown ? SqlValue() : sql(r.protection.covered_quantity);
       },
       kOrders | kMarks},
      {"stop_distance_ratio", real, "ratio", "from the price now to the nearest working trigger",
       [](const R& r) { return sql(r.protection.distance_ratio); }, kOrders | kMarks},
      {"updated_time", text, "", "when it last changed, by the exchange's clock",
       [](const R& r) { return sql_time(r.position.updated); }},
      {"updated_age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.position.updated); }},
      {"age_ms", integer, "ms", "since the list of positions was asked for",
       [](const R& r) { return sql_age(r.snapshot, r.snapshot.feed(Feed::positions).as_of); }},
  };
}

std::vector<SqlField<OrderRow>> order_fields() {
  using R = OrderRow;
  return {
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.order.symbol); }},
      {"id", text, "", "the exchange's; unique within its source",
       [](const R& r) { return sql(std::to_string(r.order.id.id)); }},
      {"source", text, "", "regular, or algo: the list of conditional orders",
       [](const R& r) { return sql(to_string(r.order.id.source)); }},
      {"client_id", text, "", "the sender's", [](const R& r) { return sql(r.order.client_id); }},
      {"side", text, "", "BUY or SELL", [](const R& r) { return sql(to_string(r.order.side)); }},
      {"position_side", text, "", "BOTH, LONG or SHORT",
       [](const R& r) { return sql(r.order.position_side.text()); }},
      {"type", text, "", "LIMIT, STOP_MARKET, …",
       [](const R& r) { return sql(r.order.type.text()); }},
      {"status", text, "", "NEW, PARTIALLY_FILLED, …",
       [](const R& r) { return sql(r.order.status.text()); }},
      {"quantity", real, "base", "NULL or 0 with close_position",
       [](const R& r) { return sql(r.order.quantity); }},
      {"executed_quantity", real, "base", "filled so far",
       [](const R& r) { return sql(r.order.executed_quantity); }},
      {"price", real, "price", "its limit; NULL or 0: none",
       [](const R& r) { return sql(r.order.price); }},
      {"trigger_price", real, "price", "of a conditional order",
       [](const R& r) { return sql(r.order.trigger_price); }},
      {"working_type", text, "", "which price its trigger watches: MARK_PRICE or CONTRACT_PRICE",
       [](const R& r) { return sql(r.order.working_type.text()); }},
      {"reduce_only", integer, "0/1", "it can only reduce",
       [](const R& r) { return sql(r.order.reduce_only); }},
      {"close_position", integer, "0/1", "it closes the whole position",
       [](const R& r) { return sql(r.order.close_position); }},
      {"price_protect", integer, "0/1", "held back while mark and last price are far apart",
       [](const R& r) { return sql(r.order.price_protect); }},
      {"created_time", text, "", "by the exchange's clock",
       [](const R& r) { return sql_time(r.order.created); }},
      {"created_age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.order.created); }},
      {"updated_time", text, "", "when it last changed, by the exchange's clock",
       [](const R& r) { return sql_time(r.order.updated); }},
      {"updated_age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.order.updated); }},
      {"age_ms", integer, "ms", "since its list was asked for",
       [](const R& r) {
         const bool algo = r.order.id.source == model::OrderSource::algo;
         const Feed feed = algo ? Feed::algo_orders : Feed::regular_orders;
         return sql_age(r.snapshot, r.snapshot.feed(feed).as_of);
       }},
  };
}

std::vector<SqlField<StopRow>> stop_fields() {
  using R = StopRow;
  return {
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.of.snapshot.account); }},
      {"symbol", text, "", "of the position", [](const R& r) { return sql(r.of.position.symbol); }},
      {"position_side", text, "", "of the position",
       [](const R& r) { return sql(to_string(r.of.position.position_side)); }},
      {"id", text, "", "of the order",
       [](const R& r) { return sql(std::to_string(r.verdict.order->id.id)); }},
      {"source", text, "", "regular or algo",
       [](const R& r) { return sql(to_string(r.verdict.order->id.source)); }},
      {"type", text, "", "of the order",
       [](const R& r) { return sql(r.verdict.order->type.text()); }},
      {"trigger_price", real, "price", "where it begins",
       [](const R& r) { return sql(r.verdict.order->trigger_price); }},
      {"working_type", text, "", "which price it watches: MARK_PRICE or CONTRACT_PRICE",
       [](const R& r) { return sql(r.verdict.order->working_type.text()); }},
      {"effective", integer, "0/1", "it would really close this position",
       [](const R& r) { return sql(r.verdict.effective()); }, kMarks},
      {"why", text, "", "why it does not count; NULL where it does",
       [](const R& r) { return sql(why(r.verdict, r.of.position)); }, kMarks},
      {"crossed", integer, "0/1", "its price is beyond the trigger",
       [](const R& r) { return sql(r.verdict.crossed); }, kMarks},
      {"covered_quantity", real, "base", "of the position, by this order alone",
       [](const R& r) { return sql(r.verdict.covered_quantity); }, kMarks},
      {"distance_ratio", real, "ratio", "from the mark price to the trigger",
       [](const R& r) {
         const MaybeDecimal away = r.verdict.order->trigger_price - r.of.mark;
         return away ? sql(away->abs() / r.of.mark) : SqlValue();
       },
       kMarks},
  };
}

}  // namespace

SqlTable positions_table() {
  return make_sql_table<PositionRow>(
      "positions", "Every open position, the bot's or not", {Feed::positions}, position_fields(),
      [](const Snapshot& snapshot, auto&& take) { each_position(snapshot, take); });
}

SqlTable orders_table() {
  return make_sql_table<OrderRow>("orders", "Every open order of both lists", kOrders,
                                  order_fields(), [](const Snapshot& snapshot, auto&& take) {
                                    for (const auto& [name, book] : snapshot.symbols) {
                                      for (const model::Order& order : book.orders) {
                                        take(OrderRow{snapshot, order});
                                      }
                                    }
                                  });
}

SqlTable stops_table() {
  return make_sql_table<StopRow>(
      "stops",
      "Every open order of a symbol, held against each of its positions by the stop prover",
      kOrders | FeedSet{Feed::positions}, stop_fields(), [](const Snapshot& snapshot, auto&& take) {
        each_position(snapshot, [&](const PositionRow& row) {
          for (const StopVerdict& verdict : row.protection.stops) take(StopRow{row, verdict});
        });
      });
}

SqlTable marks_table() {
  using R = MarkRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "every symbol that is known of",
       [](const R& r) { return sql(r.book.symbol); }},
      {"mark_price", real, "price", "the newest, however old",
       [](const R& r) { return r.book.mark ? sql(r.book.mark->price) : SqlValue(); }},
      {"mark_age_ms", integer, "ms", "since it reached us",
       [](const R& r) {
         return r.book.mark ? sql_age(r.snapshot, r.book.mark->received) : SqlValue();
       }},
      {"last_price",
       real,
       "price",
       "the newest trade's; followed only where a stop watches it",
       [](const R& r) { return r.book.last ? sql(r.book.last->price) : SqlValue(); },
       {Feed::market_stream}},
      {"last_age_ms",
       integer,
       "ms",
       "since it reached us",
       [](const R& r) {
         return r.book.last ? sql_age(r.snapshot, r.book.last->received) : SqlValue();
       },
       {Feed::market_stream}},
  };
  return make_sql_table<R>("marks", "Prices by symbol", kMarks, std::move(fields),
                           [](const Snapshot& snapshot, auto&& take) {
                             for (const auto& [name, book] : snapshot.symbols) {
                               take(MarkRow{snapshot, book});
                             }
                           });
}

SqlTable fills_table() {
  using R = FillRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.fill.symbol); }},
      {"trade_id", text, "", "the exchange's",
       [](const R& r) { return sql(std::to_string(r.fill.trade_id)); }},
      {"order_id", text, "", "the exchange's",
       [](const R& r) { return sql(std::to_string(r.fill.order_id)); }},
      {"client_id", text, "", "the sender's; NULL: not told",
       [](const R& r) { return sql(r.fill.client_id); }},
      {"origin", text, "", "who sent it: the bot, Vakthund, a person, liquidation, …",
       [](const R& r) { return sql(to_string(r.fill.origin)); }},
      {"side", text, "", "BUY or SELL", [](const R& r) { return sql(to_string(r.fill.side)); }},
      {"position_side", text, "", "BOTH, LONG or SHORT",
       [](const R& r) { return sql(r.fill.position_side.text()); }},
      {"quantity", real, "base", "what was traded",
       [](const R& r) { return sql(r.fill.quantity); }},
      {"price", real, "price", "at which", [](const R& r) { return sql(r.fill.price); }},
      {"fee", real, "", "in fee_asset", [](const R& r) { return sql(r.fill.fee); }},
      {"fee_asset", text, "", "such as USDT or BNB",
       [](const R& r) { return sql(r.fill.fee_asset); }},
      {"realized_pnl", real, "quote", "without fees",
       [](const R& r) { return sql(r.fill.realized_pnl); }},
      {"time", text, "", "by the exchange's clock",
       [](const R& r) { return sql_time(r.fill.time); }},
      {"age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.fill.time); }},
  };
  return make_sql_table<R>("fills", "Recent executions of symbols that have or had a position",
                           {Feed::trades}, std::move(fields),
                           [](const Snapshot& snapshot, auto&& take) {
                             for (const auto& [name, book] : snapshot.symbols) {
                               for (const model::Fill& fill : book.fills)
                                 take(FillRow{snapshot, fill});
                             }
                           });
}

}  // namespace vakthund::rules
