#include "simulator/standin/bot_journal.h"

#include "watchdog/net/loop.h"

namespace vakthund::simulator::standin {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS trade_logs (id INTEGER PRIMARY KEY, "
    "symbol VARCHAR, side VARCHAR, qty FLOAT, price FLOAT, status VARCHAR, reason VARCHAR, "
    "timestamp DATETIME, realized_pnl FLOAT, realized_pnl_pct FLOAT, equity_after FLOAT, "
    "entry_price FLOAT, exit_price FLOAT, strategy_id VARCHAR)";

}  // namespace

BotJournal::BotJournal(const std::string& path) : file_(path, kSchema) {}

void BotJournal::write(const TradeRow& row) {
  SQLite::Statement insert(file_.database(),
                           "INSERT INTO trade_logs(symbol,side,qty,price,status,reason,timestamp) "
                           "VALUES(?,?,?,?,?,?,?)");
  int at = 0;
  for (const auto& text : {row.symbol, row.side, row.quantity, row.price, row.status, row.reason,
                           sql_time(net::Loop::now().wall)}) {
    insert.bind(++at, text);
  }
  insert.exec();
}

bool BotJournal::has_open(const std::string& symbol) {
  SQLite::Statement newest(file_.database(),
                           "SELECT status FROM trade_logs WHERE symbol=? ORDER BY id DESC LIMIT 1");
  newest.bind(1, symbol);
  return newest.executeStep() && newest.getColumn(0).getString() == "FILLED";
}

nlohmann::json BotJournal::logs(int limit) {
  SQLite::Statement rows(file_.database(),
                         "SELECT timestamp,symbol,side,qty,price,status,reason FROM trade_logs "
                         "ORDER BY id DESC LIMIT ?");
  rows.bind(1, limit);
  auto logs = nlohmann::json::array();
  while (rows.executeStep()) {
    logs.push_back({{"timestamp", rows.getColumn(0).getString()},
                    {"symbol", rows.getColumn(1).getString()},
                    {"side", rows.getColumn(2).getString()},
                    {"qty", rows.getColumn(3).getDouble()},
                    {"price", rows.getColumn(4).getDouble()},
                    {"status", rows.getColumn(5).getString()},
                    {"reason", rows.getColumn(6).getString()}});
  }
  return {{"logs", logs}};
}

}  // namespace vakthund::simulator::standin
