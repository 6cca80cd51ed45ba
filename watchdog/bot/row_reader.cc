#include "watchdog/bot/row_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

constexpr std::size_t kMaxRowProblems = 20;

std::optional<std::string_view> first(const TextRow& row,
                                      std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto value = text(row, name)) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> text(const TextRow& row, std::string_view name) {
  const auto at = row.find(name);
  return at == row.end() ? std::nullopt : std::optional<std::string_view>(at->second);
}

std::string_view text_or_empty(const TextRow& row, std::string_view name) {
  return text(row, name).value_or(std::string_view());
}

std::optional<JournalRow> RowReader::row(const TextRow& from,
                                         std::initializer_list<const char*> quantities,
                                         std::initializer_list<const char*> prices,
                                         const char* side) {
  const auto name = symbol(text_or_empty(from, "symbol"));
  if (!name) return std::nullopt;
  JournalRow row;
  row.entry.symbol = *name;
  row.entry.side = side_of(text_or_empty(from, side));
  row.entry.quantity = number(first(from, quantities), *name, "quantity");
  if (row.entry.quantity && row.entry.quantity->sign() < 0) {
    if (!row.entry.side) row.entry.side = model::Side::sell;
    row.entry.quantity = row.entry.quantity->abs();
  }
  if (!row.entry.side) {
    problem(fmt::format("{}: side is \"{}\"", *name, one_line(text_or_empty(from, side), 40)));
  }
  row.entry.entry_price = price(first(from, prices), *name, "price");
  row.entry.time =
      time(first(from, {"opened_at", "timestamp", "executed_at", "created_at"}), *name);
  return row;
}

std::optional<std::string> RowReader::symbol(std::string_view said) {
  if (is_other_market(said)) return std::nullopt;
  auto symbol = exchange_symbol(said);
  if (!symbol) problem(fmt::format("a row's symbol is \"{}\"", one_line(said, 40)));
  return symbol;
}

model::MaybeDecimal RowReader::number(std::optional<std::string_view> said,
                                      const std::string& symbol, const char* what) {
  if (!said) return std::nullopt;
  const auto value = model::Decimal::parse(*said);
  if (!value) problem(fmt::format("{}: {} is \"{}\"", symbol, what, one_line(*said, 40)));
  return value;
}

model::MaybeDecimal RowReader::price(std::optional<std::string_view> said,
                                     const std::string& symbol, const char* what) {
  const auto value = number(said, symbol, what);
  return value && value->sign() > 0 ? value : std::nullopt;
}

model::WallTime RowReader::time(std::optional<std::string_view> said, const std::string& symbol) {
  const auto time = said ? time_of(*said) : std::nullopt;
  if (said && !time) problem(fmt::format("{}: time is \"{}\"", symbol, one_line(*said, 40)));
  return time.value_or(model::WallTime{});
}

std::optional<bool> RowReader::flag(std::optional<std::string_view> said, const std::string& symbol,
                                    const char* what) {
  const auto flag = said ? flag_of(*said) : std::nullopt;
  if (said && !flag) problem(fmt::format("{}: {} is \"{}\"", symbol, what, one_line(*said, 40)));
  return flag;
}

void RowReader::problem(std::string text) {
  auto& problems = reading_.problems;
  const bool new_one = std::find(problems.begin(), problems.end(), text) == problems.end();
  if (new_one && problems.size() < kMaxRowProblems) problems.push_back(std::move(text));
}

Result<void> require(const std::string& table, const Names& columns,
                     std::initializer_list<const char*> wanted) {
  for (const char* name : wanted) {
    if (columns.contains(name)) continue;
    return error(ErrorKind::invalid, fmt::format("table {} has no column {}; it has: {}", table,
                                                 name, listed(columns)));
  }
  return {};
}

Names those_of(const Names& columns, std::initializer_list<const char*> wanted) {
  Names found;
  for (const char* name : wanted) {
    if (columns.contains(name)) found.insert(name);
  }
  return found;
}

std::string listed(const Names& names) {
  return names.empty() ? "none" : one_line(fmt::format("{}", fmt::join(names, ", ")), 200);
}

}  // namespace vakthund::bot
