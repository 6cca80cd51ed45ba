// The snapshot as SQL tables: their columns, what each means, in what unit, and which feeds it
// rests on. One description: the tables that are made, filled, documented (docs/sql.md) and shown
// (`vakthund query --tables`) are all this one.
//
// Money, prices, quantities and ratios are REAL, for comparing and computing in SQL; that judgement
// is therefore one in doubles (15 digits), unlike every built-in rule's. Unknown is NULL. Ids are
// TEXT, because they do not fit a double. Yes and no are 1 and 0.
//
// Pure. Limits: texts are cut to kLongestSqlText bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/model/snapshot.h"

namespace vakthund::rules {

inline constexpr std::size_t kLongestSqlText = 500;

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

enum class SqlType { real, integer, text };
std::string_view to_string(SqlType type);

class FeedSet {
 public:
  constexpr FeedSet() = default;
  constexpr FeedSet(std::initializer_list<model::Feed> feeds) {
    for (const model::Feed feed : feeds) bits_ |= 1u << static_cast<unsigned>(feed);
  }
  constexpr bool has(model::Feed feed) const { return bits_ >> static_cast<unsigned>(feed) & 1u; }
  constexpr FeedSet operator|(FeedSet other) const {
    other.bits_ |= bits_;
    return other;
  }
  friend bool operator==(const FeedSet&, const FeedSet&) = default;

 private:
  static_assert(model::kFeeds <= 32);
  std::uint32_t bits_ = 0;
};

struct SqlColumn {
  std::string_view name;
  SqlType type = SqlType::text;
  std::string_view unit;  // "price", "base", "quote", "ratio", "ms", "0/1"; empty: none
  std::string_view says;
  FeedSet feeds;  // beside the table's
};

struct SqlTable {
  using RowSink = std::function<void(std::span<const SqlValue>)>;

  std::string_view name;
  std::string_view says;
  FeedSet feeds;
  std::vector<SqlColumn> columns;
  // Every row as of the snapshot's time, its values in the order of the columns.
  std::function<void(const model::Snapshot&, const RowSink&)> fill;

  const SqlColumn* column(std::string_view wanted) const;
};

// positions, orders, stops, marks, fills, journal, bot_positions, claims, containers, account,
// feeds.
std::span<const SqlTable> sql_tables();
const SqlTable* sql_table(std::string_view name);

// Why facts of these feeds cannot be judged now; empty: they can. Of the mark price: that of every
// open position counts, and where there is none nothing is missing.
std::string not_fresh(const model::Snapshot& snapshot, FeedSet feeds);

// One line of valid UTF-8, cut between characters: what comes from outside, or from a query.
std::string clean_text(std::string_view text, std::size_t longest);

// For a terminal, and for docs/sql.md.
std::string sql_tables_text();
std::string sql_tables_markdown();

}  // namespace vakthund::rules
