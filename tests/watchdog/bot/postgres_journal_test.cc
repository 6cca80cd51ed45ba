#include "watchdog/bot/postgres_journal.h"

#include <gmock/gmock.h>

#include "tests/watchdog/bot/postgres_server.h"
#include "watchdog/bot/bot_source.h"
#include "watchdog/bot/journal_rows.h"

namespace vakthund::bot {
namespace {

using model::JournalEntry;
using model::Side;
using namespace model::literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

using Session = PostgresServer::Session;

const model::WallTime kNight = model::from_epoch_ms(1763601780000);

constexpr const char* kFreqtrade =
    "CREATE TABLE trades(id serial PRIMARY KEY, exchange varchar(25), pair varchar(25), is_open "
    "boolean, is_short boolean, amount double precision, open_rate double precision, stop_loss "
    "double precision, open_date timestamp);"
    "CREATE TABLE orders(id serial PRIMARY KEY, ft_trade_id int, ft_order_side varchar(25), "
    "ft_is_open boolean, status varchar(255), price double precision, average double precision, "
    "amount double precision, filled double precision, order_date timestamp, order_filled_date "
    "timestamp);"
    "INSERT INTO trades(exchange,pair,is_open,is_short,amount,open_rate,stop_loss,open_date) VALUES"
    "('binance','BNB/USDT:USDT',true,true,2.17,896.8,914.74,'2025-11-20 01:23:00');"
    "INSERT INTO orders(ft_trade_id,ft_order_side,ft_is_open,status,average,filled,order_date) "
    "VALUES (1,'sell',false,'closed',896.8,2.17,'2025-11-20 01:23:00');";

class PostgresJournalTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why = PostgresServer::missing();
    if (!why.empty()) GTEST_SKIP() << "NOT TESTED: " << why;
    server_ = std::make_unique<PostgresServer>();
  }
  Result<JournalReading> read(JournalLayout layout = {BotKind::freqtrade}) const {
    return PostgresJournal(server_->string(), std::move(layout)).read();
  }
  Result<JournalReading> query(const std::string& sql) const {
    return read({BotKind::generic, sql});
  }
  static std::string failure(const Result<JournalReading>& reading, ErrorKind kind) {
    EXPECT_FALSE(reading.has_value());
    if (reading) return {};
    EXPECT_EQ(reading.error().kind, kind) << reading.error().message;
    EXPECT_EQ(reading.error().message.find('\n'), std::string::npos);
    return reading.error().message;
  }

  std::unique_ptr<PostgresServer> server_;
};

TEST_F(PostgresJournalTest, ReadsEachBotsTablesAndTheOperatorsQuery) {
  Session bot(*server_);
  bot(kFreqtrade);
  const JournalEntry short_entry{"BNBUSDT", Side::sell, 2.17_d, 896.8_d, 914.74_d, kNight, true};
  auto reading = read();
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->entries, ElementsAre(short_entry));
  EXPECT_THAT(reading->recent, ElementsAre(short_entry));
  EXPECT_THAT(reading->problems, IsEmpty());

  bot("CREATE TABLE trade_journal(symbol text, direction text, entry_price numeric, exit_price "
      "numeric, pnl numeric, tp numeric, sl numeric, trailing_stop numeric, confidence real, model "
      "text, exit_reason text, \"timestamp\" timestamptz);"
      "INSERT INTO trade_journal VALUES"
      "('SOLUSDT','SHORT',139.01,NULL,NULL,135,141.79,NULL,0.7,'m','open','2025-11-20 "
      "02:23:00+01'),"
      "('SOLUSDT','LONG',130,131,7,NULL,NULL,NULL,0.7,'m','tp','2025-11-20 00:23:00+00'),"
      "('DOTUSDT','LONG',2.675,NULL,NULL,0.03,0.02,NULL,0.7,'m','open','2025-11-20 01:23:00+00');"
      "CREATE TABLE execution_journal(id serial, symbol text, side text, quantity numeric(20,8), "
      "status text, reason text, error text, created_at timestamp, executed_at timestamp);"
      "INSERT INTO execution_journal(symbol,side,quantity,status,executed_at) VALUES"
      "('SOLUSDT','SELL',9,'executed',NULL),('BTCUSDT','SELL',0.013,'executed','2025-11-20 "
      "01:23:00');");
  const JournalEntry sol{"SOLUSDT", Side::sell, {}, 139.01_d, 141.79_d, kNight, true};
  const JournalEntry older{"SOLUSDT", Side::buy, {}, 130_d, {}, kNight - std::chrono::hours(1),
                           false};
  const JournalEntry dot{"DOTUSDT", Side::buy, {}, 2.675_d, {}, kNight, true};
  const JournalEntry btc{"BTCUSDT", Side::sell, 0.013_d, {}, {}, kNight, {}};
  reading = read({BotKind::quantum_trader});
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->entries, ElementsAre(btc, dot, sol));
  EXPECT_THAT(reading->recent, ElementsAre(btc, dot, sol, older));

  reading = query(
      "SELECT pair AS symbol, CASE WHEN is_short THEN 'SHORT' ELSE 'LONG' END AS side, amount AS "
      "quantity, open_rate AS entry_price, stop_loss AS stop_price, open_date AS opened_at, "
      "is_open "
      "FROM trades -- all of them\n;  ");
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->entries, ElementsAre(short_entry));
}

TEST_F(PostgresJournalTest, OutlivesRestartsLocksSlownessAndTablesThatGo) {
  auto bot = std::make_unique<Session>(*server_);
  (*bot)(kFreqtrade);
  PostgresJournal journal(server_->string(), {BotKind::freqtrade});
  EXPECT_THAT(journal.read()->entries, SizeIs(1));

  // A restart between two looks is not even noticed; while it is down, it is said.
  server_->stop();
  server_->start();
  EXPECT_TRUE(journal.read().has_value());
  server_->stop();
  EXPECT_THAT(failure(journal.read(), ErrorKind::unavailable),
              HasSubstr("journal postgres postgres at " + server_->directory().string()));
  server_->start();
  EXPECT_TRUE(journal.read().has_value());

  bot = std::make_unique<Session>(*server_);
  (*bot)("BEGIN; LOCK TABLE trades IN ACCESS EXCLUSIVE MODE");
  EXPECT_THAT(failure(journal.read(), ErrorKind::unavailable),
              HasSubstr("a table is locked for longer than 1s"));
  (*bot)("ROLLBACK");
  EXPECT_TRUE(journal.read().has_value());

  EXPECT_THAT(
      failure(query("SELECT 'A' AS symbol, 'BUY' AS side, 1 AS quantity, 1 AS entry_price FROM "
                    "pg_sleep(60)"),
              ErrorKind::unavailable),
      HasSubstr("reading took longer than 3s"));

  server_->freeze(true);
  EXPECT_THAT(failure(journal.read(), ErrorKind::unavailable), HasSubstr("no answer within"));
  server_->freeze(false);
  EXPECT_TRUE(journal.read().has_value());

  (*bot)("DROP TABLE orders");
  EXPECT_THAT(journal.read()->recent, SizeIs(1));
  (*bot)("DROP TABLE trades; CREATE TABLE notes(id int)");
  EXPECT_THAT(failure(journal.read(), ErrorKind::not_found),
              HasSubstr("has no table trades; its tables: notes"));
  (*bot)("CREATE TABLE trades(id int, pair text)");
  EXPECT_THAT(failure(journal.read(), ErrorKind::invalid),
              HasSubstr("table trades has no column is_open; it has: id, pair"));

  // `stop` ends a look that waits.
  server_->freeze(true);
  std::thread stopper([&] { journal.interrupt(); });
  EXPECT_FALSE(journal.read().has_value());
  stopper.join();
  server_->freeze(false);
}

TEST_F(PostgresJournalTest, KeepsWhatIsUnknownUnknownAndReadsNoMoreThanItsLimits) {
  Session bot(*server_);
  bot("CREATE TABLE trades(id serial, exchange text, pair text, is_open text, is_short text, "
      "amount "
      "text, open_rate text, stop_loss text, open_date text);"
      "INSERT INTO trades(pair,is_open,is_short,amount,open_rate,stop_loss,open_date) VALUES"
      "('A/USDT:USDT','true','maybe','much','NaN','-1','yesterday'),"
      "(NULL,'true','false','1','1',NULL,NULL),"
      "('B/USDT:USDT',NULL,NULL,NULL,NULL,NULL,NULL),"
      "('C/USDT','true','false','1','1','1',NULL),"
      "(repeat('Z',20000000),'true','false',repeat('9',20000000),'1','1',NULL),"
      "('D/USDT:USDT','true','false',repeat('0',20000000)||'1','Infinity','1',NULL);");
  auto reading = read();
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->entries, ElementsAre(JournalEntry{"AUSDT", {}, {}, {}, {}, {}, true},
                                            AllOf(testing::Field(&JournalEntry::symbol, "DUSDT"))));
  EXPECT_THAT(reading->recent, SizeIs(3));
  EXPECT_THAT(reading->problems, testing::Contains("AUSDT: amount is \"much\""));
  EXPECT_THAT(reading->problems, testing::Contains("AUSDT: is_short is \"maybe\""));
  for (const std::string& problem : reading->problems) EXPECT_LT(problem.size(), 200u);

  bot("DELETE FROM trades; INSERT INTO trades(pair,is_open,is_short,amount,open_rate) SELECT "
      "'E/USDT:USDT','false','false',i::text,'1' FROM generate_series(1,6000) i;");
  reading = read();
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->recent, SizeIs(kMaxRecent));
  EXPECT_EQ(reading->recent.at(0).quantity, 6000_d);
  reading = query(
      "SELECT 'A' AS symbol, 'BUY' AS side, i AS quantity, repeat('x',1000) AS entry_price, i AS "
      "opened_at FROM generate_series(1,9000) i");
  ASSERT_TRUE(reading.has_value()) << reading.error().message;
  EXPECT_THAT(reading->problems, testing::Contains(HasSubstr("returns more than 5000 rows")));
}

TEST_F(PostgresJournalTest, WritesNothingAndRefusesWhatIsNoQuery) {
  Session bot(*server_);
  bot(kFreqtrade);
  EXPECT_THAT(failure(query("SELECT nonsense FROM trades"), ErrorKind::invalid),
              HasSubstr("column \"nonsense\" does not exist"));
  EXPECT_THAT(failure(query("SELECT pair AS symbol FROM trades"), ErrorKind::invalid),
              HasSubstr("has no column side"));
  for (
      const std::string sql :
      {"DELETE FROM trades RETURNING pair AS symbol, 'BUY' AS side, amount AS quantity, open_rate "
       "AS entry_price",
       "DELETE FROM trades", "SELECT 1; DELETE FROM trades", "COPY trades TO STDOUT", "COMMIT", ";",
       "WITH gone AS (DELETE FROM trades RETURNING *) SELECT pair AS symbol, 'BUY' AS side, amount "
       "AS quantity, open_rate AS entry_price FROM gone",
       "SELECT 1) AS journal; DELETE FROM trades; SELECT (1",
       "SELECT lo_create(0)::text AS symbol, 'BUY' AS side, nextval('trades_id_seq') AS quantity, "
       "1 AS entry_price"}) {
    EXPECT_FALSE(query(sql).has_value()) << sql;
    EXPECT_THAT(read()->entries, SizeIs(1)) << sql;
  }
}

TEST_F(PostgresJournalTest, SaysWhatToChangeAndNeverThePassword) {
  const std::string canary = "hunter2CANARY";
  Session admin(*server_);
  admin("CREATE ROLE reader LOGIN PASSWORD '" + canary + "x'");
  admin(kFreqtrade);
  const auto with = [&](const std::string& connection) {
    return PostgresJournal(connection, {BotKind::freqtrade}).read();
  };
  const std::string password = " password=" + canary;
  for (const auto& [connection, kind, said] :
       std::vector<std::tuple<std::string, ErrorKind, std::string>>{
           {server_->string("user=reader dbname=postgres" + password), ErrorKind::refused,
            "permission denied for table"},
           {server_->string("user=nobody_here dbname=postgres" + password), ErrorKind::refused,
            "does not exist"},
           {server_->string("user=vakthund dbname=none" + password), ErrorKind::not_found,
            "database \"none\" does not exist"},
           {"host=/nonexistent" + password, ErrorKind::unavailable, "/nonexistent"},
           {"host=127.0.0.1 port=1 user=" + canary + password, ErrorKind::unavailable, "refused"},
           {"postgresql://u:" + canary + "@[", ErrorKind::invalid, "no connection string"},
           {canary + " = = '", ErrorKind::invalid, "no connection string"},
           {"", ErrorKind::invalid, "no connection string"}}) {
    EXPECT_THAT(failure(with(connection), kind), AllOf(HasSubstr(said), Not(HasSubstr(canary))));
  }
  // A password that is asked for and wrong.
  std::ofstream(server_->directory() / "data" / "pg_hba.conf") << "local all all scram-sha-256\n";
  admin("SELECT pg_reload_conf()");
  std::string said;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (said.find("password authentication failed") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    const auto tried = with(server_->string("user=reader dbname=postgres" + password));
    ASSERT_FALSE(tried.has_value());
    said = tried.error().message;
    EXPECT_EQ(tried.error().kind, ErrorKind::refused);
    EXPECT_THAT(said, Not(HasSubstr(canary)));
  }
  EXPECT_THAT(said, HasSubstr("password authentication failed for user \"reader\""));
  EXPECT_THAT(failure(with(server_->string("user=reader dbname=postgres password=" + canary + "x")),
                      ErrorKind::refused),
              HasSubstr("permission denied for table"));
  BotSettings settings{.kind = BotKind::freqtrade};
  settings.journal_postgres = server_->string("user=reader dbname=postgres" + password);
  const auto events = BotSource(settings, nullptr).look_once();
  ASSERT_THAT(events, SizeIs(1));
  const auto* failed = std::get_if<guard::FeedFailed>(&events[0]);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->feed, model::Feed::journal);
  EXPECT_THAT(failed->error.message, Not(HasSubstr(canary)));
}

}  // namespace
}  // namespace vakthund::bot
