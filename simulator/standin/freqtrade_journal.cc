#include "simulator/standin/freqtrade_journal.h"

#include <fmt/format.h>

namespace vakthund::simulator::standin {
namespace {

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS trades (id INTEGER NOT NULL PRIMARY KEY, exchange VARCHAR(25) NOT NULL,
  pair VARCHAR(25) NOT NULL, base_currency VARCHAR(25), stake_currency VARCHAR(25),
  is_open BOOLEAN NOT NULL, fee_open FLOAT NOT NULL, fee_open_cost FLOAT,
  fee_open_currency VARCHAR(25), fee_close FLOAT NOT NULL, fee_close_cost FLOAT,
  fee_close_currency VARCHAR(25), open_rate FLOAT NOT NULL, open_rate_requested FLOAT,
  open_trade_value FLOAT NOT NULL, close_rate FLOAT, close_rate_requested FLOAT,
  realized_profit FLOAT, close_profit FLOAT, close_profit_abs FLOAT, stake_amount FLOAT NOT NULL,
  max_stake_amount FLOAT, amount FLOAT NOT NULL, amount_requested FLOAT,
  open_date DATETIME NOT NULL, close_date DATETIME, stop_loss FLOAT, stop_loss_pct FLOAT,
  initial_stop_loss FLOAT, initial_stop_loss_pct FLOAT, is_stop_loss_trailing BOOLEAN NOT NULL,
  max_rate FLOAT, min_rate FLOAT, exit_reason VARCHAR(255), exit_order_status VARCHAR(100),
  strategy VARCHAR(100), enter_tag VARCHAR(255), timeframe INTEGER, trading_mode VARCHAR(7),
  amount_precision FLOAT, price_precision FLOAT, precision_mode INTEGER, contract_size FLOAT,
  leverage FLOAT, is_short BOOLEAN NOT NULL, liquidation_price FLOAT, interest_rate FLOAT NOT NULL,
  funding_fees FLOAT, funding_fee_running FLOAT, record_version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS orders (id INTEGER NOT NULL PRIMARY KEY, ft_trade_id INTEGER NOT NULL,
  ft_order_side VARCHAR(25) NOT NULL, ft_pair VARCHAR(25) NOT NULL, ft_is_open BOOLEAN NOT NULL,
  ft_amount FLOAT NOT NULL, ft_price FLOAT NOT NULL, ft_cancel_reason VARCHAR(255),
  order_id VARCHAR(255) NOT NULL, status VARCHAR(255), symbol VARCHAR(25), order_type VARCHAR(50),
  side VARCHAR(25), price FLOAT, average FLOAT, amount FLOAT, filled FLOAT, remaining FLOAT,
  cost FLOAT, stop_price FLOAT, order_date DATETIME, order_filled_date DATETIME,
  order_update_date DATETIME, funding_fee FLOAT, ft_fee_base FLOAT, ft_order_tag VARCHAR(255),
  CONSTRAINT _order_pair_order_id UNIQUE (ft_pair, order_id)))";

}  // namespace

FreqtradeJournal::FreqtradeJournal(const std::string& path) : file_(path, kSchema) {}

std::int64_t FreqtradeJournal::open(const FreqtradeRow& row, model::WallTime now) {
  const auto slash = row.pair.find('/'), colon = row.pair.find(':');
  const double amount = row.amount.to_double(), rate = row.open_rate.to_double();
  const double stop = row.stop_loss.to_double();
  SQLite::Statement insert(
      file_.database(),
      "INSERT INTO trades(exchange,pair,base_currency,stake_currency,is_open,fee_open,fee_close,"
      "open_rate,open_trade_value,stake_amount,amount,amount_requested,open_date,stop_loss,"
      "stop_loss_pct,initial_stop_loss,initial_stop_loss_pct,is_stop_loss_trailing,strategy,"
      "timeframe,trading_mode,leverage,is_short,liquidation_price,interest_rate,record_version) "
      "VALUES('binance',?1,?2,?3,1,0.0005,0.0005,?4,?5,?6,?7,?7,?8,?9,?10,?9,?10,0,"
      "'StandInStrategy',5,?11,?12,?13,?14,0,2)");
  insert.bind(1, row.pair);
  insert.bind(2, row.pair.substr(0, slash));
  insert.bind(3, slash == std::string::npos ? std::string()
                                            : row.pair.substr(slash + 1, colon - slash - 1));
  insert.bind(4, rate);
  insert.bind(5, amount * rate);
  insert.bind(6, row.leverage > 0 ? amount * rate / row.leverage : 0.0);
  insert.bind(7, amount);
  insert.bind(8, sql_time(now));
  insert.bind(9, stop);
  insert.bind(10, rate > 0 ? -std::abs(stop / rate - 1) : 0.0);
  insert.bind(11, colon == std::string::npos ? "SPOT" : "FUTURES");
  insert.bind(12, row.leverage);
  insert.bind(13, row.is_short ? 1 : 0);
  if (row.liquidation_price) insert.bind(14, row.liquidation_price->to_double());
  SQLite::Transaction whole(file_.database());
  insert.exec();
  const std::int64_t id = file_.database().getLastInsertRowid();
  add_order(id, row, false, now);
  add_order(id, row, true, now);
  whole.commit();
  return id;
}

void FreqtradeJournal::add_order(std::int64_t trade, const FreqtradeRow& row, bool is_stop,
                                 model::WallTime now) {
  SQLite::Statement insert(
      file_.database(),
      "INSERT INTO orders(ft_trade_id,ft_order_side,ft_pair,ft_is_open,ft_amount,ft_price,order_id,"
      "status,symbol,order_type,side,price,average,amount,filled,remaining,cost,stop_price,"
      "order_date,order_filled_date,order_update_date) "
      "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?3,?9,?10,?6,?11,?5,?12,?13,?14,?15,?16,?17,?16)");
  const bool buys = row.is_short == is_stop;
  const double amount = row.amount.to_double();
  const double price = (is_stop ? row.stop_loss : row.open_rate).to_double();
  insert.bind(1, trade);
  insert.bind(2, is_stop ? "stoploss" : buys ? "buy" : "sell");
  insert.bind(3, row.pair);
  insert.bind(4, is_stop ? 1 : 0);
  insert.bind(5, amount);
  insert.bind(6, price);
  insert.bind(7,
              fmt::format("{}{}", is_stop ? 4'000'001'912'000'000 : 8'389'765'739'000'000, trade));
  insert.bind(8, is_stop ? "open" : "closed");
  insert.bind(9, is_stop ? "stop_market" : "market");
  insert.bind(10, buys ? "buy" : "sell");
  insert.bind(12, is_stop ? 0.0 : amount);
  insert.bind(13, is_stop ? amount : 0.0);
  insert.bind(14, is_stop ? 0.0 : amount * price);
  insert.bind(16, sql_time(now));
  if (is_stop) {
    insert.bind(15, price);
  } else {
    insert.bind(11, price);
    insert.bind(17, sql_time(now));
  }
  insert.exec();
}

void FreqtradeJournal::close(const std::string& pair, model::Decimal rate,
                             const std::string& reason, model::WallTime now) {
  SQLite::Transaction whole(file_.database());
  SQLite::Statement orders(file_.database(),
                           "UPDATE orders SET ft_is_open=0, status='canceled', order_update_date=? "
                           "WHERE ft_is_open=1 AND ft_pair=?");
  orders.bind(1, sql_time(now));
  orders.bind(2, pair);
  orders.exec();
  SQLite::Statement trades(file_.database(),
                           "UPDATE trades SET is_open=0, close_date=?, close_rate=?, exit_reason=? "
                           "WHERE is_open=1 AND pair=?");
  trades.bind(1, sql_time(now));
  trades.bind(2, rate.to_double());
  trades.bind(3, reason);
  trades.bind(4, pair);
  trades.exec();
  whole.commit();
}

std::optional<std::int64_t> FreqtradeJournal::open_id(const std::string& pair) {
  SQLite::Statement newest(
      file_.database(),
      "SELECT id FROM trades WHERE pair=? AND is_open=1 ORDER BY id DESC LIMIT 1");
  newest.bind(1, pair);
  if (!newest.executeStep()) return std::nullopt;
  return newest.getColumn(0).getInt64();
}

}  // namespace vakthund::simulator::standin
