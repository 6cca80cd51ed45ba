// Reads the values of journal rows; what cannot be read is unknown and becomes a problem, each
// told once.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "watchdog/bot/journal.h"
#include "watchdog/bot/journal_database.h"
#include "watchdog/bot/journal_rows.h"

namespace vakthund::bot {

std::optional<std::string_view> text(const TextRow& row, std::string_view name);
std::string_view text_or_empty(const TextRow& row, std::string_view name);

class RowReader {
 public:
  explicit RowReader(JournalReading& reading) : reading_(reading) {}

  // What every kind of row has; of several columns the first that has a value. nullopt: no symbol,
  // or a market that is not ours.
  std::optional<JournalRow> row(const TextRow& from, std::initializer_list<const char*> quantities,
                                std::initializer_list<const char*> prices,
                                const char* side = "side");
  std::optional<std::string> symbol(std::string_view said);
  model::MaybeDecimal number(std::optional<std::string_view> said, const std::string& symbol,
                             const char* what);
  model::MaybeDecimal price(std::optional<std::string_view> said, const std::string& symbol,
                            const char* what);  // unknown unless above zero
  model::WallTime time(std::optional<std::string_view> said, const std::string& symbol);
  std::optional<bool> flag(std::optional<std::string_view> said, const std::string& symbol,
                           const char* what);
  void problem(std::string text);

 private:
  JournalReading& reading_;
};

// Error: `invalid`, naming the column that is missing and those that are there.
Result<void> require(const std::string& table, const Names& columns,
                     std::initializer_list<const char*> wanted);
Names those_of(const Names& columns, std::initializer_list<const char*> wanted);
std::string listed(const Names& names);

// Each bot's tables (journal_tables.h); they add to `reading`.
Result<void> read_quantum_trader_tables(JournalDatabase& database, JournalReading& reading);
Result<void> read_freqtrade_tables(JournalDatabase& database, JournalReading& reading);

}  // namespace vakthund::bot
