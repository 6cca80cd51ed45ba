// From the rows a bot wrote when it traded to the entries that are still open. Pure.
//
// Where a row itself tells whether its trade is open, that is taken. Elsewhere a journal's rows are
// orders: entries and exits look alike and exits made by the exchange (a stop that filled) are
// often not written at all. The reading, per symbol, oldest row first:
//   * a row that was not executed (rejected, skipped, dry run, pending …) says nothing;
//   * a row that is marked as an exit ends the entry;
//   * a row on the other side ends it too when the quantities are equal, shortens it when it is
//     smaller, and is the new entry when it is larger or either quantity is unknown (how much of
//     it then stands is unknown, and said so);
//   * a row on the same side is the new entry: the newest price is the one the bot works with.
// Source: bots.md, "journal".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/bot.h"

namespace vakthund::bot {

struct JournalRow {
  model::JournalEntry entry;
  bool is_exit = false;
  bool executed = true;
};

inline constexpr std::size_t kMaxRecent = 20;  // of one symbol

struct JournalEntries {
  std::vector<model::JournalEntry> open;    // the newest open one of each symbol, by symbol
  std::vector<model::JournalEntry> recent;  // every entry, by symbol, newest first; `open` is false
                                            // where a later row ended it, unknown where none did
};
JournalEntries entries_of(const std::vector<JournalRow>& rows);  // `rows`: oldest first

// "1", "true", "t", "0", "false", "f", in any case. nullopt: anything else.
std::optional<bool> flag_of(std::string_view text);

// BUY, LONG -> buy; SELL, SHORT -> sell; in any case. nullopt: anything else.
std::optional<model::Side> side_of(std::string_view text);

// Whether a status or reason tells of an exit ("CLOSED", "exit: take profit"), or of an order
// that never became a trade ("REJECTED", "skipped", "dry run").
bool tells_exit(std::string_view text);
bool tells_not_executed(std::string_view text);

// "2025-11-20 01:23:00[.123456]", "2025-11-20T01:23:00Z", with "+02:00", or seconds or milliseconds
// since 1970. Without a zone it is UTC. nullopt: anything else.
std::optional<model::WallTime> time_of(std::string_view text);

}  // namespace vakthund::bot
