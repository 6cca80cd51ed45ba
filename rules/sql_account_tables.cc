// The account as a whole, and how good each source of facts is, as tables.

#include <algorithm>

#include "rules/sql_row.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::Snapshot;
using enum SqlType;

constexpr FeedSet kTotals{Feed::account};
constexpr FeedSet kExchange{Feed::exchange};

std::int64_t open_positions(const Snapshot& snapshot) {
  std::int64_t count = 0;
  for (const auto& [name, book] : snapshot.symbols) {
    count += static_cast<std::int64_t>(book.positions.size());
  }
  return count;
}

SqlValue mode_of(const Snapshot& s) {
  switch (s.config.mode) {
    case model::PositionMode::one_way:
      return sql(std::string_view("one_way"));
    case model::PositionMode::hedge:
      return sql(std::string_view("hedge"));
    case model::PositionMode::unknown:
      break;
  }
  return {};
}

std::vector<SqlField<Snapshot>> money_fields() {
  using R = Snapshot;
  return {
      {"account", text, "", "its name", [](const R& s) { return sql(s.account); }},
      {"time", text, "", "of this snapshot, by our clock",
       [](const R& s) { return sql_time(s.time.wall); }},
      {"wallet_balance", real, "quote", "without open profit and loss",
       [](const R& s) { return sql(s.totals.wallet_balance); }, kTotals},
      {"unrealized_pnl", real, "quote", "of all positions, as last told",
       [](const R& s) { return sql(s.totals.unrealized_pnl); }, kTotals},
      {"margin_balance", real, "quote", "equity",
       [](const R& s) { return sql(s.totals.margin_balance); }, kTotals},
      {"maintenance_margin", real, "quote", "at or above the margin balance all is liquidated",
       [](const R& s) { return sql(s.totals.maintenance_margin); }, kTotals},
      {"margin_ratio", real, "ratio", "maintenance margin / margin balance",
       [](const R& s) { return sql(s.totals.maintenance_margin / s.totals.margin_balance); },
       kTotals},
      {"available_balance", real, "quote", "for new positions",
       [](const R& s) { return sql(s.totals.available_balance); }, kTotals},
      {"peak_equity", real, "quote",
       "from which a drawdown is measured; NULL: not known or in doubt",
       [](const R& s) {
         return s.baseline.doubt.empty() ? sql(s.baseline.peak_equity) : SqlValue();
       },
       kTotals},
      {"day_realized",
       real,
       "quote",
       "today (UTC): profit, loss, fees and funding",
       [](const R& s) { return s.day.doubt.empty() ? sql(s.day.realized) : SqlValue(); },
       {Feed::income}},
      {"day_start_wallet",
       real,
       "quote",
       "the wallet balance at 00:00 UTC",
       [](const R& s) { return s.day.doubt.empty() ? sql(s.day.start_wallet) : SqlValue(); },
       {Feed::income}},
      {"positions",
       integer,
       "",
       "how many are open",
       [](const R& s) { return SqlValue(open_positions(s)); },
       {Feed::positions}},
  };
}

std::vector<SqlField<Snapshot>> state_fields() {
  using R = Snapshot;
  return {
      {"position_mode", text, "", "one_way or hedge", mode_of, {Feed::account_config}},
      {"can_trade",
       integer,
       "0/1",
       "the key may trade",
       [](const R& s) { return sql(s.config.can_trade); },
       {Feed::account_config}},
      {"can_withdraw",
       integer,
       "0/1",
       "the key may withdraw",
       [](const R& s) { return sql(s.config.can_withdraw); },
       {Feed::account_config}},
      {"multi_assets",
       integer,
       "0/1",
       "multi-assets margin",
       [](const R& s) { return sql(s.config.multi_assets); },
       {Feed::account_config}},
      {"orders_per_minute",
       integer,
       "",
       "placed in the last minute, not by us",
       [](const R& s) { return sql(s.activity.orders); },
       {Feed::private_stream}},
      {"fills_per_minute",
       integer,
       "",
       "of the last minute, not ours",
       [](const R& s) { return sql(s.activity.fills); },
       {Feed::private_stream}},
      {"weight_used", integer, "", "of the address's request weight, this minute, by all",
       [](const R& s) { return sql(s.exchange.weight_used); }, kExchange},
      {"weight_ours", integer, "", "of those, ours",
       [](const R& s) { return sql(s.exchange.weight_ours); }, kExchange},
      {"weight_limit", integer, "", "of the address, per minute",
       [](const R& s) { return sql(s.exchange.weight_limit); }, kExchange},
      {"clock_offset_ms", integer, "ms", "the exchange's clock minus ours",
       [](const R& s) {
         return s.exchange.clock_offset ? sql_ms(*s.exchange.clock_offset) : SqlValue();
       },
       kExchange},
      {"bot_up",
       integer,
       "0/1",
       "the bot's health endpoint answers",
       [](const R& s) { return sql(s.bot_health.up); },
       {Feed::bot_health}},
      {"bot_progress_age_ms",
       integer,
       "ms",
       "since the bot's work last moved on",
       [](const R& s) { return sql_age(s, s.bot_health.progress.value_or(model::WallTime())); },
       {Feed::bot_health}},
      {"kill_ready",
       integer,
       "0/1",
       "a kill would work now",
       [](const R& s) { return sql(s.readiness.ready()); },
       {Feed::readiness}},
      {"latched", integer, "0/1", "our switch was pulled",
       [](const R& s) { return sql(s.latched); }},
  };
}

struct FeedRow {
  const Snapshot& snapshot;
  Feed feed;
  const model::FeedState& state;
};

}  // namespace

SqlTable account_table() {
  std::vector<SqlField<Snapshot>> fields = money_fields();
  for (SqlField<Snapshot>& field : state_fields()) fields.push_back(field);
  return make_sql_table<Snapshot>("account", "One row: the account as a whole", {},
                                  std::move(fields),
                                  [](const Snapshot& snapshot, auto&& take) { take(snapshot); });
}

SqlTable feeds_table() {
  using R = FeedRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"feed", text, "", "positions, algo_orders, journal, …",
       [](const R& r) { return sql(to_string(r.feed)); }},
      {"used", integer, "0/1", "it is part of this configuration",
       [](const R& r) { return sql(r.state.used); }},
      {"freshness", text, "", "fresh, stale or unknown",
       [](const R& r) { return sql(to_string(r.snapshot.freshness(r.feed))); }},
      {"age_ms", integer, "ms", "since its newest good answer was asked for",
       [](const R& r) { return sql_age(r.snapshot, r.state.as_of); }},
      {"max_age_ms", integer, "ms", "older than this is stale; NULL: it never ages",
       [](const R& r) {
         return r.state.max_age > model::Duration::zero() ? sql_ms(r.state.max_age) : SqlValue();
       }},
      {"trouble", text, "", "what failed last; NULL while all is well",
       [](const R& r) { return sql(r.state.trouble); }},
  };
  return make_sql_table<R>("feeds", "How good each source of facts is just now", {},
                           std::move(fields), [](const Snapshot& snapshot, auto&& take) {
                             for (std::size_t i = 0; i < model::kFeeds; ++i) {
                               const auto feed = static_cast<Feed>(i);
                               take(FeedRow{snapshot, feed, snapshot.feed(feed)});
                             }
                           });
}

}  // namespace vakthund::rules
