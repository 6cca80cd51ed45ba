// What bots say. First line: "quantum", "quantum health", "freqtrade", "freqtrade health", "login",
// "own", "own health", "symbol", "environment", or "journal quantum", "journal freqtrade",
// "journal query", whose rows are lines of "table;column=value;column=value".
#include "tests/fuzz/outside.h"
#include "watchdog/bot/bot_api.h"
#include "watchdog/bot/freqtrade.h"
#include "watchdog/bot/generic.h"
#include "watchdog/bot/journal_rows.h"
#include "watchdog/bot/journal_tables.h"
#include "watchdog/bot/quantum_trader.h"
#include "watchdog/bot/symbol.h"
#include "watchdog/container/intent.h"

using namespace vakthund;

namespace {

std::vector<std::string> pieces(std::string_view text, char end) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto at = text.find(end);
    found.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 1);
  }
  return found;
}

// Tables as the text writes them.
class MadeUpTables : public bot::JournalDatabase {
 public:
  explicit MadeUpTables(std::string_view text) {
    for (const std::string& line : pieces(text, '\n')) {
      const auto cells = pieces(line, ';');
      if (cells.empty()) continue;
      bot::TextRow row;
      for (std::size_t i = 1; i < cells.size(); ++i) {
        const auto equals = cells[i].find('=');
        columns_[cells[0]].insert(cells[i].substr(0, equals));
        if (equals != std::string::npos) {
          row.emplace(cells[i].substr(0, equals), cells[i].substr(equals + 1));
        }
      }
      rows_[cells[0]].push_back(std::move(row));
    }
  }
  Result<bot::Names> tables() override { return bot::Names{}; }
  Result<bot::Names> columns_of(const std::string& table) override { return columns_[table]; }
  Result<std::vector<bot::TextRow>> newest(const std::string& table, const bot::Names& columns,
                                           const std::string& order_by) override {
    fuzz::must(columns_[table].contains(order_by), "what is ordered by is there");
    for (const std::string& name : columns) {
      fuzz::must(columns_[table].contains(name), "what is asked for is there");
    }
    return rows_[table];
  }
  Result<Answer> run(const std::string&) override { return Answer{columns_["q"], rows_["q"]}; }

 private:
  std::map<std::string, bot::Names> columns_;
  std::map<std::string, std::vector<bot::TextRow>> rows_;
};

void positions(Result<bot::PositionsReading> reading) {
  if (reading) {
    fuzz::must(reading->problems.size() <= bot::kMaxProblems + 1, "problems have a limit");
    for (const auto& position : reading->positions) {
      fuzz::must(!position.symbol.empty() && !position.quantity.is_zero(), "a position is one");
      fuzz::must(!position.entry_price || position.entry_price->sign() > 0, "prices are above 0");
      fuzz::must(!position.stop_price || position.stop_price->sign() > 0, "stops are above 0");
    }
  }
  bot::Events events;
  bot::tell_positions(std::move(reading), events);
  fuzz::judge(events);
}

void journal(std::string_view text, const bot::JournalLayout& layout) {
  MadeUpTables tables(text);
  auto reading = bot::read_journal(tables, layout);
  if (!reading) return;
  std::map<std::string, std::size_t> recent;
  for (const auto& entry : reading->recent) {
    fuzz::must(++recent[entry.symbol] <= bot::kMaxRecent, "what is recent has a limit");
  }
  for (const auto& entry : reading->entries) {
    fuzz::must(entry.open != false, "an open entry is not closed");
    fuzz::must(!entry.quantity || entry.quantity->sign() >= 0, "quantities have no sign");
  }
  fuzz::judge({guard::JournalRead{reading->entries, reading->recent}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto [what, text] = fuzz::parts(bytes, size);
  if (what == "quantum") {
    positions(bot::decode_positions(text));
  } else if (what == "quantum health") {
    fuzz::judge({guard::BotHealthSeen{bot::decode_health(200, text)}});
  } else if (what == "freqtrade") {
    positions(bot::decode_open_trades(text));
  } else if (what == "freqtrade health") {
    const auto health = bot::decode_freqtrade_health(text);
    if (health) fuzz::judge({guard::BotHealthSeen{*health}});
  } else if (what == "login") {
    const auto token = bot::decode_login(text);
    if (token) fuzz::must(token->find_first_of("\r\n ") == std::string::npos, "a token is a word");
  } else if (what == "own") {
    positions(bot::decode_positions_page(text, {.list = "/data/open",
                                                .symbol = "/s",
                                                .side = "/side",
                                                .amount = "/a",
                                                .entry_price = "/p/0",
                                                .stop_price = "/p/1"}));
  } else if (what == "own health") {
    const auto reading = bot::decode_health_page(text, {.progress = "/a/0/b"});
    fuzz::judge({guard::BotHealthSeen{reading.health}});
  } else if (what == "symbol") {
    const auto symbol = bot::exchange_symbol(text);
    if (symbol) fuzz::must(bot::exchange_symbol(*symbol) == symbol, "a symbol stays");
    if (bot::is_other_market(text)) fuzz::must(!symbol, "what is not ours has no symbol");
  } else if (what == "environment") {
    const auto reading = container::read_intent(pieces(text, '\n'));
    fuzz::must(!reading.intent.leverage || reading.intent.leverage->sign() > 0, "leverage above 0");
  } else if (what == "journal quantum") {
    journal(text, {bot::BotKind::quantum_trader});
  } else if (what == "journal freqtrade") {
    journal(text, {bot::BotKind::freqtrade});
  } else if (what == "journal query") {
    journal(text, {bot::BotKind::generic, "q"});
  }
  return 0;
}
