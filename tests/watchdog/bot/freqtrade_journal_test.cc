#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "watchdog/bot/sqlite_journal.h"

namespace vakthund::bot {
namespace {

using model::JournalEntry;
using model::Side;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTables =
    "CREATE TABLE trades(id INTEGER PRIMARY KEY, exchange VARCHAR(25), pair VARCHAR(25), is_open "
    "BOOLEAN, is_short BOOLEAN, amount FLOAT, open_rate FLOAT, stop_loss FLOAT, open_date "
    "DATETIME);"
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, ft_trade_id INTEGER, ft_order_side VARCHAR(25), "
    "ft_is_open BOOLEAN, order_id VARCHAR(255), status VARCHAR(255), price FLOAT, average FLOAT, "
    "amount FLOAT, filled FLOAT, order_date DATETIME, order_filled_date DATETIME);";

class FreqtradeJournalTest : public testing::Test {
 protected:
  FreqtradeJournalTest() {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-ft-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    directory_ = name;
  }
  ~FreqtradeJournalTest() override { std::filesystem::remove_all(directory_); }

  SQLite::Database writer(const std::string& name = "tradesv3.sqlite") {
    SQLite::Database file((directory_ / name).string(),
                          SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
    file.exec("PRAGMA journal_mode=WAL");
    return file;
  }
  Result<JournalReading> read() {
    return SqliteJournal((directory_ / "tradesv3.sqlite").string(), {BotKind::freqtrade}).read();
  }
  JournalReading reading() {
    auto result = read();
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return result ? *result : JournalReading{};
  }

  std::filesystem::path directory_;
};

model::WallTime at(int minute) {
  return model::from_epoch_ms(1763601600000 + std::int64_t{60000} * minute);
}

TEST_F(FreqtradeJournalTest, HoldsOneRecentEntryForEachFilledEntryOrder) {
  auto file = writer();
  file.exec(
      std::string(kTables) +
      "INSERT INTO trades VALUES"
      "(1,'binance','BNB/USDT:USDT',0,0,1,880,870,'2025-11-20 01:20:00.000000'),"
      "(2,'binance','BNB/USDT:USDT',1,1,3,895,914.74,'2025-11-20 01:23:00.000000'),"
      "(3,'binance','SOL/USDT:USDT',1,0,7,139.01,0.0,'2025-11-20 01:24:00.000000');"
      "INSERT INTO orders VALUES"
      "(1,1,'buy',0,'a','closed',880,NULL,1,1,'2025-11-20 01:20:00','2025-11-20 01:20:00'),"
      "(2,1,'stoploss',0,'b','closed',870,870,1,1,'2025-11-20 01:20:00','2025-11-20 01:22:00'),"
      "(3,2,'sell',0,'c','closed',896,896.8,2.17,2.17,'2025-11-20 01:23:00','2025-11-20 01:23:00'),"
      "(4,2,'sell',0,'d','canceled',890,NULL,5,0.0,'2025-11-20 01:24:00',NULL),"
      "(5,2,'sell',0,'e','closed',NULL,890.5,0.83,NULL,'2025-11-20 01:25:00',NULL),"
      "(6,2,'stoploss',1,'f','open',914.74,NULL,3,0.0,'2025-11-20 01:25:00',NULL),"
      "(7,2,'sell',1,'g','open',880,NULL,9,NULL,'2025-11-20 01:26:00',NULL);");
  const auto read = reading();
  const JournalEntry first{"BNBUSDT", Side::buy, 1_d, 880_d, 870_d, at(0), false};
  const JournalEntry second{"BNBUSDT", Side::sell, 2.17_d, 896.8_d, 914.74_d, at(3), true};
  const JournalEntry third{"BNBUSDT", Side::sell, 0.83_d, 890.5_d, 914.74_d, at(5), true};
  const JournalEntry sol{"SOLUSDT", Side::buy, 7_d, 139.01_d, {}, at(4), true};
  // A further entry is open and not told to be filled: 2.17 and 0.83 are held.
  EXPECT_THAT(
      read.entries,
      ElementsAre(JournalEntry{"BNBUSDT", Side::sell, 3_d, 895_d, 914.74_d, at(3), true}, sol));
  EXPECT_THAT(read.recent, ElementsAre(third, second, first, sol));
  EXPECT_THAT(read.problems, IsEmpty());

  // The file is replaced under its reader, by one without orders.
  auto other = writer("other");
  other.exec(
      std::string(kTables) +
      "DROP TABLE orders; INSERT INTO trades VALUES(1,'binance','SOL/USDT:USDT',1,0,7,139.01,"
      "0.0,'2025-11-20 01:24:00');");
  other.exec("PRAGMA journal_mode=DELETE");
  std::filesystem::rename(directory_ / "other", directory_ / "tradesv3.sqlite");
  std::filesystem::remove(directory_ / "tradesv3.sqlite-wal");
  std::filesystem::remove(directory_ / "tradesv3.sqlite-shm");
  EXPECT_THAT(reading().recent, ElementsAre(sol));
}

TEST_F(FreqtradeJournalTest, LeavesOutWhatWasNeverFilledAndWhatIsNotOurs) {
  writer().exec(
      std::string(kTables) +
      "INSERT INTO trades VALUES"
      "(1,'binance','A/USDT:USDT',1,0,5,1,1,NULL),(2,'binance','B/USDT:USDT',0,0,5,1,1,NULL),"
      "(3,'binance','C/USDT',1,0,5,1,1,NULL),(4,'kraken','D/USDT:USDT',1,0,5,1,1,NULL),"
      "(5,'binance','E/USDT:USDT',1,0,5,1,1,NULL);"
      "INSERT INTO orders(ft_trade_id,ft_order_side,ft_is_open,status,filled) VALUES"
      "(1,'buy',1,'open',NULL),(2,'buy',0,'canceled',NULL),(5,'buy',1,'open',2);");
  const auto read = reading();
  const JournalEntry partly{"EUSDT", Side::buy, 2_d, 1_d, 1_d, {}, true};
  EXPECT_THAT(read.entries, ElementsAre(partly));
  EXPECT_THAT(read.recent, ElementsAre(partly));
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST_F(FreqtradeJournalTest, KeepsWhatIsUnknownUnknownAndSaysWhatIsMissing) {
  {
    auto file = writer();
    file.exec(std::string(kTables) +
              "INSERT INTO trades VALUES(1,NULL,'A/USDT:USDT','maybe','x','y','z','w','v'),"
              "(2,NULL,'',1,0,1,1,1,NULL),(3,NULL,'B/USDT:USDT',1,0,5,2,1,NULL);"
              "INSERT INTO orders(ft_trade_id,ft_order_side,ft_is_open,status,filled) VALUES"
              "(3,NULL,'?','odd','?');");
    const auto read = reading();
    const JournalEntry b{"BUSDT", Side::buy, 5_d, 2_d, 1_d, {}, true};
    EXPECT_THAT(read.entries, ElementsAre(b));
    EXPECT_THAT(read.recent, ElementsAre(JournalEntry{"AUSDT", {}, {}, {}, {}, {}, {}}, b));
    EXPECT_THAT(read.problems, testing::Contains("AUSDT: is_open is \"maybe\""));
    EXPECT_THAT(read.problems, testing::Contains("an order of trade 3: filled is \"?\""));
    EXPECT_THAT(read.problems,
                testing::Contains("some orders have no side: entries are then counted by trades"));
    EXPECT_THAT(read.problems, testing::Contains("a row's symbol is \"\""));
    file.exec("ALTER TABLE trades DROP COLUMN is_short");
  }
  EXPECT_THAT(read().error().message, HasSubstr("table trades has no column is_short; it has:"));
  writer().exec("DROP TABLE trades");
  EXPECT_EQ(read().error().kind, ErrorKind::not_found);
  EXPECT_THAT(read().error().message, HasSubstr("has no table trades; its tables: orders"));
}

}  // namespace
}  // namespace vakthund::bot
