// What the bot says and was told, as tables: journal, bot_positions, claims, containers.

#include <fmt/format.h>

#include "rules/sql_row.h"

namespace vakthund::rules {
namespace {

using model::Feed;
using model::Snapshot;
using enum SqlType;

struct JournalRow {
  const Snapshot& snapshot;
  const model::JournalEntry& entry;
  bool newest;
};

struct BotPositionRow {
  const Snapshot& snapshot;
  const model::BotPosition& position;
};

struct ClaimRow {
  const Snapshot& snapshot;
  const model::Claim& claim;
};

std::string_view side_of(bool is_long) { return is_long ? "LONG" : "SHORT"; }

template <class Take>
void each_entry(const Snapshot& snapshot, Take&& take) {
  for (const auto& [name, book] : snapshot.symbols) {
    bool newest_listed = false;
    for (const model::JournalEntry& entry : book.journal_entries) {
      const bool newest = !newest_listed && book.journal_entry == entry;
      newest_listed = newest_listed || newest;
      take(JournalRow{snapshot, entry, newest});
    }
    if (book.journal_entry && !newest_listed) take(JournalRow{snapshot, *book.journal_entry, true});
  }
}

}  // namespace

SqlTable journal_table() {
  using R = JournalRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.entry.symbol); }},
      {"side", text, "", "LONG or SHORT: of the position it opened",
       [](const R& r) {
         return r.entry.side ? sql(side_of(*r.entry.side == model::Side::buy)) : SqlValue();
       }},
      {"quantity", real, "base", "never negative",
       [](const R& r) { return sql(r.entry.quantity); }},
      {"entry_price", real, "price", "as the bot wrote it down",
       [](const R& r) { return sql(r.entry.entry_price); }},
      {"stop_price", real, "price", "as the bot wrote it down",
       [](const R& r) { return sql(r.entry.stop_price); }},
      {"open", integer, "0/1", "whether the journal says so; NULL: it does not tell",
       [](const R& r) { return sql(r.entry.open); }},
      {"newest", integer, "0/1", "the newest open entry of its symbol: the one to compare with",
       [](const R& r) { return sql(r.newest); }},
      {"time", text, "", "by the bot's clock", [](const R& r) { return sql_time(r.entry.time); }},
      {"age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.entry.time); }},
  };
  return make_sql_table<R>(
      "journal", "What the bot wrote down when it opened positions", {Feed::journal},
      std::move(fields), [](const Snapshot& snapshot, auto&& take) { each_entry(snapshot, take); });
}

SqlTable bot_positions_table() {
  using R = BotPositionRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.position.symbol); }},
      {"side", text, "", "LONG or SHORT",
       [](const R& r) { return sql(side_of(r.position.quantity.sign() > 0)); }},
      {"quantity", real, "base", "never negative",
       [](const R& r) { return sql(r.position.quantity.abs()); }},
      {"entry_price", real, "price", "as the bot says",
       [](const R& r) { return sql(r.position.entry_price); }},
      {"stop_price", real, "price", "the stop that the bot believes in",
       [](const R& r) { return sql(r.position.stop_price); }},
      {"age_ms", integer, "ms", "since the bot was asked",
       [](const R& r) { return sql_age(r.snapshot, r.snapshot.feed(Feed::bot_positions).as_of); }},
  };
  return make_sql_table<R>("bot_positions", "What the bot's own API says that it holds",
                           {Feed::bot_positions}, std::move(fields),
                           [](const Snapshot& snapshot, auto&& take) {
                             for (const auto& [name, book] : snapshot.symbols) {
                               if (book.bot_position) {
                                 take(BotPositionRow{snapshot, *book.bot_position});
                               }
                             }
                           });
}

SqlTable claims_table() {
  using R = ClaimRow;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name",
       [](const R& r) { return sql(r.snapshot.account); }},
      {"symbol", text, "", "in the exchange's spelling",
       [](const R& r) { return sql(r.claim.symbol); }},
      {"line", text, "", "as logged, cut to 200 characters",
       [](const R& r) { return sql(r.claim.line); }},
      {"time", text, "", "by the container engine's clock",
       [](const R& r) { return sql_time(r.claim.time); }},
      {"age_ms", integer, "ms", "since then",
       [](const R& r) { return sql_age(r.snapshot, r.claim.time); }},
  };
  return make_sql_table<R>(
      "claims", "The newest line of a symbol in the bot's log that claims a stop",
      {Feed::container_log}, std::move(fields), [](const Snapshot& snapshot, auto&& take) {
        for (const auto& [name, book] : snapshot.symbols) {
          if (book.claim) take(ClaimRow{snapshot, *book.claim});
        }
      });
}

SqlTable containers_table() {
  using R = Snapshot;
  std::vector<SqlField<R>> fields{
      {"account", text, "", "the account's name", [](const R& s) { return sql(s.account); }},
      {"name", text, "", "as configured", [](const R& s) { return sql(s.container.name); }},
      {"id", text, "", "the engine's", [](const R& s) { return sql(s.container.id); }},
      {"status", text, "", "running, paused, exited, …",
       [](const R& s) { return sql(s.container.status.text()); }},
      {"restart_policy", text, "", "no, always, unless-stopped or on-failure",
       [](const R& s) { return sql(s.container.restart_policy); }},
      {"stop_distance_ratio", real, "ratio", "the stop it was told to use",
       [](const R& s) { return sql(s.container.intent.stop_distance_ratio); }},
      {"leverage", real, "", "it was told to use",
       [](const R& s) { return sql(s.container.intent.leverage); }},
      {"max_notional", real, "quote", "of one trade, as it was told",
       [](const R& s) { return sql(s.container.intent.max_notional); }},
      {"max_positions", integer, "", "as it was told",
       [](const R& s) { return sql(s.container.intent.max_positions); }},
      {"allowed_symbols", text, "", "as it was told, with commas between",
       [](const R& s) {
         return sql(fmt::format("{}", fmt::join(s.container.intent.allowed_symbols, ",")));
       }},
      {"paper_trading", integer, "0/1", "as it was told",
       [](const R& s) { return sql(s.container.intent.paper_trading); }},
      {"age_ms", integer, "ms", "since the engine was heard",
       [](const R& s) { return sql_age(s, s.feed(Feed::container).as_of); }},
  };
  return make_sql_table<R>("containers", "The bot's container, and what it was told at its start",
                           {Feed::container}, std::move(fields),
                           [](const Snapshot& snapshot, auto&& take) {
                             if (!snapshot.container.name.empty()) take(snapshot);
                           });
}

}  // namespace vakthund::rules
