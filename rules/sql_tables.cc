#include "rules/sql_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/sql_row.h"
#include "rules/words.h"

namespace vakthund::rules {
namespace {

using model::Feed;

std::string named(FeedSet feeds) {
  std::string names;
  for (std::size_t i = 0; i < model::kFeeds; ++i) {
    const auto feed = static_cast<Feed>(i);
    if (feeds.has(feed)) names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(feed));
  }
  return names;
}

// Bytes of the UTF-8 character that begins here; 0: none does.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first < 0xE0   ? 2
                           : first >= 0xE0 && first < 0xF0 ? 3
                           : first >= 0xF0 && first < 0xF5 ? 4
                                                           : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool beyond = (first == 0xF4 && byte(1) > 0x8F) || (first == 0xED && byte(1) > 0x9F);
  return overlong || beyond ? 0 : size;
}

std::string mark_trouble(const model::Snapshot& snapshot) {
  for (const auto& [name, book] : snapshot.symbols) {
    if (book.positions.empty() || fresh_mark(snapshot, book)) continue;
    return fmt::format("mark_prices: no fresh mark price of {}", name);
  }
  return "";
}

}  // namespace

std::string_view to_string(SqlType type) {
  switch (type) {
    case SqlType::real:
      return "REAL";
    case SqlType::integer:
      return "INTEGER";
    case SqlType::text:
      return "TEXT";
  }
  return "?";
}

const SqlColumn* SqlTable::column(std::string_view wanted) const {
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const SqlColumn& candidate) {
    return candidate.name == wanted;
  });
  return at == columns.end() ? nullptr : &*at;
}

std::span<const SqlTable> sql_tables() {
  static const std::vector<SqlTable> tables = [] {
    std::vector<SqlTable> all;
    all.push_back(positions_table());
    all.push_back(orders_table());
    all.push_back(stops_table());
    all.push_back(marks_table());
    all.push_back(fills_table());
    all.push_back(journal_table());
    all.push_back(bot_positions_table());
    all.push_back(claims_table());
    all.push_back(containers_table());
    all.push_back(account_table());
    all.push_back(feeds_table());
    return all;
  }();
  return tables;
}

const SqlTable* sql_table(std::string_view name) {
  for (const SqlTable& table : sql_tables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

std::string not_fresh(const model::Snapshot& snapshot, FeedSet feeds) {
  for (std::size_t i = 0; i < model::kFeeds; ++i) {
    const auto feed = static_cast<Feed>(i);
    if (!feeds.has(feed)) continue;
    std::string why;
    if (feed == Feed::mark_prices) {
      why = mark_trouble(snapshot);
    } else if (!snapshot.fresh(feed) && !snapshot.feed(feed).used) {
      why = fmt::format("{}: not part of this configuration", to_string(feed));
    } else if (!snapshot.fresh(feed)) {
      why = unknown_feed(snapshot, feed).why;
    }
    if (!why.empty()) return why;
  }
  return "";
}

SqlValue sql(std::string_view text) {
  return text.empty() ? SqlValue() : SqlValue(clean_text(text, kLongestSqlText));
}

SqlValue sql_time(model::WallTime time) {
  return time == model::WallTime() ? SqlValue() : SqlValue(model::to_iso8601(time));
}

SqlValue sql_ms(model::Duration duration) {
  return std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()};
}

SqlValue sql_age(const model::Snapshot& snapshot, model::WallTime time) {
  return time == model::WallTime() ? SqlValue() : sql_ms(snapshot.time.wall - time);
}

SqlValue sql_age(const model::Snapshot& snapshot, std::optional<model::MonoTime> time) {
  return time ? sql_ms(snapshot.time.mono - *time) : SqlValue();
}

std::string clean_text(std::string_view text, std::size_t longest) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text.substr(at));
    if (result.size() + std::max<std::size_t>(size, 1) > longest) break;
    const char first = text[at];
    if (size == 0) {
      result += '?';
    } else if ((first >= 0 && first < ' ') || first == 0x7F) {
      result += ' ';
    } else {
      result += text.substr(at, size);
    }
    at += std::max<std::size_t>(size, 1);
  }
  return result;
}

std::string sql_tables_text() {
  std::string text;
  for (const SqlTable& table : sql_tables()) {
    text += fmt::format("{}{}: {}\n", text.empty() ? "" : "\n", table.name, table.says);
    for (const SqlColumn& column : table.columns) {
      text += fmt::format("  {:<26} {:<8} {:<6} {}\n", column.name, to_string(column.type),
                          column.unit, column.says);
    }
  }
  return text;
}

std::string sql_tables_markdown() {
  std::string text;
  for (const SqlTable& table : sql_tables()) {
    text += fmt::format("{}### `{}`\n\n{}.", text.empty() ? "" : "\n", table.name, table.says);
    const std::string feeds = named(table.feeds);
    text += feeds.empty() ? " Always fresh.\n" : fmt::format(" Rests on {}.\n", feeds);
    text += "\n| column | type | unit | meaning | rests also on |\n|---|---|---|---|---|\n";
    for (const SqlColumn& column : table.columns) {
      text += fmt::format("| `{}` | {} | {} | {} | {} |\n", column.name, to_string(column.type),
                          column.unit, column.says, named(column.feeds));
    }
  }
  return text;
}

}  // namespace vakthund::rules
