#include "watchdog/bot/journal_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace vakthund::bot {
namespace {

constexpr std::array kExitWords{"clos", "exit", "stopped out", "stop_out", "liquidat"};
constexpr std::array kIdleWords{"reject", "fail",   "error",   "skip",   "cancel",  "expire",
                                "block",  "denied", "planned", "dry",    "simulat", "paper",
                                "abort",  "ignor",  "pending", "queued", "invalid", "veto"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

template <class Words>
bool holds_any(std::string_view text, const Words& words) {
  const std::string in = lower(text);
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return in.find(word) != std::string::npos; });
}

struct History {
  std::optional<model::JournalEntry> open;
  std::vector<model::JournalEntry> all;  // oldest first

  void add(const model::JournalEntry& entry) {
    if (all.size() == kMaxRecent) all.erase(all.begin());
    all.push_back(entry);
  }
  void begin(const model::JournalEntry& entry) {
    open = entry;
    add(entry);
  }
  void end() {
    open.reset();
    for (model::JournalEntry& entry : all) {
      if (!entry.open) entry.open = false;
    }
  }
};

void apply(History& history, const JournalRow& row) {
  if (!row.executed) return;
  auto& open = history.open;
  if (row.entry.open) {
    if (*row.entry.open) return history.begin(row.entry);
    return history.add(row.entry);
  }
  if (row.is_exit) return history.end();
  const bool other_side = open && open->side && row.entry.side && *open->side != *row.entry.side;
  if (!other_side) return history.begin(row.entry);
  if (open->quantity && row.entry.quantity) {
    if (*open->quantity == *row.entry.quantity) return history.end();
    if (*row.entry.quantity < *open->quantity) {
      open->quantity = open->quantity - row.entry.quantity;
      return;
    }
  }
  history.end();
  history.begin(row.entry);
  open->quantity.reset();
}

// Takes exactly `digits` digits off the front.
bool take(std::string_view& text, int digits, int& value) {
  if (text.size() < static_cast<std::size_t>(digits)) return false;
  value = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(digits));
  return true;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::minutes> zone_of(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return std::chrono::minutes(0);
  const bool west = text[0] == '-';
  int hours = 0, minutes = 0;
  if (!take(text, "+-") || !take(text, 2, hours)) return std::nullopt;
  take(text, ":");
  if (!text.empty() && !take(text, 2, minutes)) return std::nullopt;
  if (!text.empty() || hours > 14 || minutes > 59) return std::nullopt;
  const std::chrono::minutes east(hours * 60 + minutes);
  return west ? -east : east;
}

std::optional<model::WallTime> time_of_number(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  // Seconds up to the year 5138, milliseconds from 1973 on.
  if (!(number > 0 && number < 1e14)) return std::nullopt;
  return model::from_epoch_ms(static_cast<std::int64_t>(number < 1e11 ? number * 1000 : number));
}

}  // namespace

JournalEntries entries_of(const std::vector<JournalRow>& rows) {
  std::map<std::string, History> symbols;
  for (const JournalRow& row : rows) apply(symbols[row.entry.symbol], row);
  JournalEntries entries;
  for (auto& [symbol, history] : symbols) {
    if (history.open) entries.open.push_back(*std::move(history.open));
    entries.recent.insert(entries.recent.end(), history.all.rbegin(), history.all.rend());
  }
  return entries;
}

std::optional<bool> flag_of(std::string_view text) {
  const std::string word = lower(text);
  if (word == "1" || word == "true" || word == "t") return true;
  if (word == "0" || word == "false" || word == "f") return false;
  return std::nullopt;
}

std::optional<model::Side> side_of(std::string_view text) {
  const std::string word = lower(text);
  if (word == "buy" || word == "long") return model::Side::buy;
  if (word == "sell" || word == "short") return model::Side::sell;
  return std::nullopt;
}

bool tells_exit(std::string_view text) { return holds_any(text, kExitWords); }
bool tells_not_executed(std::string_view text) { return holds_any(text, kIdleWords); }

std::optional<model::WallTime> time_of(std::string_view text) {
  using namespace std::chrono;
  const std::string_view whole = text;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
  const bool date = take(text, 4, y) && take(text, "-") && take(text, 2, mo) && take(text, "-") &&
                    take(text, 2, d);
  if (!date) return time_of_number(whole);
  if (take(text, "T ")) {
    if (!take(text, 2, h) || !take(text, ":") || !take(text, 2, mi)) return std::nullopt;
    if (take(text, ":") && !take(text, 2, s)) return std::nullopt;
    if (take(text, ".,")) {
      for (int place = 100; !text.empty() && text[0] >= '0' && text[0] <= '9'; place /= 10) {
        ms += (text[0] - '0') * place;
        text.remove_prefix(1);
      }
    }
  }
  const auto zone = zone_of(text);
  const year_month_day day(year(y), month(static_cast<unsigned>(mo)),
                           std::chrono::day(static_cast<unsigned>(d)));
  if (!zone || !day.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  return model::WallTime(sys_days(day).time_since_epoch() + hours(h) + minutes(mi) + seconds(s) +
                         milliseconds(ms) - *zone);
}

}  // namespace vakthund::bot
