#include "watchdog/bot/sqlite_journal.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace vakthund::bot {
namespace {

using model::JournalEntry;
using model::Side;
using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kTradeLogs =
    "CREATE TABLE trade_logs(id INTEGER PRIMARY KEY, symbol TEXT, side TEXT, qty FLOAT, price "
    "FLOAT, status TEXT, reason TEXT, timestamp DATETIME, realized_pnl FLOAT, realized_pnl_pct "
    "FLOAT, equity_after FLOAT, entry_price FLOAT, exit_price FLOAT, strategy_id TEXT);";
constexpr const char* kShort =
    "INSERT INTO trade_logs(symbol,side,qty,price,status,timestamp) VALUES"
    "('BNBUSDT','SHORT',2.17,896.8,'FILLED','2025-11-20 01:23:00.000000');";
const JournalEntry kShortEntry{"BNBUSDT", Side::sell, 2.17_d,
                               896.8_d,   {},         model::from_epoch_ms(1763601780000)};

class SqliteJournalTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name =
        (std::filesystem::temp_directory_path() / "vakthund-journal-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(name.data()));
    directory_ = name;
    path_ = directory_ / "trades.db";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  SQLite::Database writer(const std::string& mode = "WAL") {
    SQLite::Database file(path_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
    file.exec("PRAGMA journal_mode=" + mode);
    return file;
  }
  void write(const std::string& sql, const std::string& mode = "WAL") { writer(mode).exec(sql); }
  Result<JournalReading> read(const std::string& query = "") const {
    return SqliteJournal(path_.string(), {kind_, query}).read();
  }
  JournalReading reading(const std::string& query = "") const {
    auto result = read(query);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return result ? *result : JournalReading{};
  }

  std::filesystem::path directory_, path_;
  BotKind kind_ = BotKind::quantum_trader;
};

TEST_F(SqliteJournalTest, ReadsTheNewestOpenTradeOfEachSymbol) {
  write(std::string(kTradeLogs) +
        "INSERT INTO trade_logs(symbol,side,qty,price,status,timestamp) VALUES"
        "('BNBUSDT','SELL',1,880,'FILLED','2025-11-19 01:00:00'),"
        "('BTCUSDT','SELL','0.013','91508.90','FILLED','2025-11-20 01:00:00'),"
        "('DOTUSDT','BUY',10,2.675,'REJECTED','2025-11-20 01:00:00'),"
        "('SOLUSDT','SELL',7,139.01,'FILLED','2025-11-20 01:00:00'),"
        "('SOLUSDT','BUY',7,138,'CLOSED','2025-11-20 01:10:00');" +
        kShort);
  const auto read = reading();
  EXPECT_THAT(
      read.entries,
      ElementsAre(
          kShortEntry,
          JournalEntry{
              "BTCUSDT", Side::sell, 0.013_d, 91508.9_d, {}, model::from_epoch_ms(1763600400000)}));
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST_F(SqliteJournalTest, PrefersTheEntryPriceColumnAndTakesAFilledExitPriceForAnExit) {
  write(std::string(kTradeLogs) +
        "INSERT INTO trade_logs(symbol,side,qty,price,entry_price,status) VALUES"
        "('A','LONG',1,10,9.5,'FILLED');"
        "INSERT INTO trade_logs(symbol,side,qty,price,exit_price,status) VALUES"
        "('B','LONG',1,10,NULL,'FILLED'),('B','SELL',1,11,11,'FILLED');");
  EXPECT_THAT(reading().entries, ElementsAre(JournalEntry{"A", Side::buy, 1_d, 9.5_d, {}, {}}));
}

TEST_F(SqliteJournalTest, ReadsBesideAWriterThatHasAnOpenTransaction) {
  auto file = writer();
  file.exec(std::string(kTradeLogs) + kShort);
  file.exec("BEGIN IMMEDIATE; UPDATE trade_logs SET price=1;");
  EXPECT_THAT(reading().entries, ElementsAre(kShortEntry));
  file.exec("COMMIT");
  EXPECT_EQ(reading().entries.at(0).entry_price, 1_d);
}

TEST_F(SqliteJournalTest, ReadsAWholeStateAtEveryLookWhileAnotherProcessWrites) {
  write(kTradeLogs);
  const pid_t bot = ::fork();
  ASSERT_GE(bot, 0);
  if (bot == 0) {
    try {
      SQLite::Database file(path_.string(), SQLite::OPEN_READWRITE, 5000);
      for (int n = 1; n < 100000; ++n) {
        const std::string i = std::to_string(n);
        file.exec("BEGIN; INSERT INTO trade_logs(symbol,side,qty,price,status) VALUES('A','BUY'," +
                  i + ",1,'FILLED'),('B','BUY'," + i + ",1,'FILLED'); COMMIT");
      }
    } catch (...) {
    }
    ::_exit(0);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  int seen = 0;
  model::MaybeDecimal last;
  while (seen < 50 && std::chrono::steady_clock::now() < deadline) {
    const auto read = reading();
    if (read.entries.empty()) continue;
    ASSERT_THAT(read.entries, SizeIs(2));
    EXPECT_EQ(read.entries[0].quantity, read.entries[1].quantity);
    if (read.entries[0].quantity != last) ++seen;
    last = read.entries[0].quantity;
  }
  ::kill(bot, SIGKILL);
  ::waitpid(bot, nullptr, 0);
  EXPECT_EQ(seen, 50);
  EXPECT_TRUE(read().has_value());  // the killed writer's log is still there
}

TEST_F(SqliteJournalTest, LeavesTheWritersLogUntouched) {
  auto file = writer();
  file.exec(std::string(kTradeLogs) + kShort);
  const auto size = std::filesystem::file_size(path_.string() + "-wal");
  ASSERT_GT(size, 0u);
  reading();
  EXPECT_EQ(std::filesystem::file_size(path_.string() + "-wal"), size);
}

TEST_F(SqliteJournalTest, ReadsTheFileThatReplacedTheOneBefore) {
  write(std::string(kTradeLogs) + kShort, "DELETE");
  EXPECT_THAT(reading().entries, SizeIs(1));
  const auto other = directory_ / "new.db";
  SQLite::Database(other.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kTradeLogs);
  std::filesystem::rename(other, path_);
  EXPECT_THAT(reading().entries, IsEmpty());
}

TEST_F(SqliteJournalTest, ReportsAFileThatItsWriterHoldsLocked) {
  auto file = writer("DELETE");
  file.exec(std::string(kTradeLogs) + "BEGIN EXCLUSIVE");
  const auto failed = read();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(failed.error().message, HasSubstr("locked for longer than 1s"));
  file.exec("COMMIT");
  EXPECT_TRUE(read().has_value());
}

TEST_F(SqliteJournalTest, ReportsAMissingFileADirectoryAndWhatIsNoDatabase) {
  EXPECT_EQ(read().error(),
            error(ErrorKind::not_found, "journal " + path_.string() + ": there is no such file"));
  std::filesystem::create_directory(path_);
  EXPECT_THAT(read().error().message, HasSubstr("is not a regular file"));
  std::filesystem::remove(path_);
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_EQ(read().error().kind, ErrorKind::invalid);
  EXPECT_THAT(read().error().message, HasSubstr("damaged or not an SQLite database"));
}

TEST_F(SqliteJournalTest, SurvivesDamageAnywhereInTheFile) {
  std::string rows;
  for (int i = 0; i < 200; ++i) rows += kShort;
  write(std::string(kTradeLogs) + rows, "DELETE");
  std::string whole;
  {
    std::ifstream in(path_, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(in), {});
  }
  int failed = 0;
  for (std::size_t at = 0; at < whole.size(); at += 97) {
    std::string damaged = whole;
    for (std::size_t i = at; i < std::min(at + 40, damaged.size()); ++i) damaged[i] = '\xff';
    std::ofstream(path_, std::ios::binary) << damaged;
    failed += read().has_value() ? 0 : 1;
  }
  std::ofstream(path_, std::ios::binary) << whole.substr(0, whole.size() / 2);
  failed += read().has_value() ? 0 : 1;
  EXPECT_GT(failed, 0);
}

TEST_F(SqliteJournalTest, NamesTheTablesWhereTheExpectedOnesAreMissing) {
  write("CREATE TABLE orders(id INTEGER); CREATE TABLE runs(id INTEGER)");
  EXPECT_EQ(read().error().kind, ErrorKind::not_found);
  EXPECT_THAT(
      read().error().message,
      HasSubstr("has none of trade_logs, trade_journal and execution_journal; its tables: orders, "
                "runs"));
}

TEST_F(SqliteJournalTest, NamesTheColumnThatIsMissing) {
  write("CREATE TABLE trade_logs(id INTEGER, symbol TEXT, side TEXT, amount FLOAT)");
  EXPECT_EQ(read().error().kind, ErrorKind::invalid);
  EXPECT_THAT(read().error().message,
              HasSubstr("table trade_logs has no column qty; it has: amount"));
}

TEST_F(SqliteJournalTest, KeepsWhatIsUnknownUnknownAndSaysSo) {
  write(std::string(kTradeLogs) +
        "INSERT INTO trade_logs(symbol,side,qty,price,status,timestamp) VALUES"
        "('A','sideways',NULL,'cheap','FILLED','yesterday'),(NULL,'BUY',1,1,'FILLED',NULL),"
        "(x'ff00','BUY',1,1,'FILLED',NULL),('B','BUY',1e300,0,NULL,NULL);");
  const auto read = reading();
  EXPECT_THAT(read.entries, ElementsAre(JournalEntry{"A", {}, {}, {}, {}, {}},
                                        JournalEntry{"B", Side::buy, {}, {}, {}, {}}));
  EXPECT_THAT(read.problems, SizeIs(6));
}

TEST_F(SqliteJournalTest, IsNoJournalWhereNoRowTellsItsSide) {
  write(std::string(kTradeLogs) +
        "INSERT INTO trade_logs(symbol,side,qty,price,status,timestamp) VALUES"
        "('BNBUSDT','sideways',2,896.8,'FILLED','2025-11-20 01:00:00');");
  EXPECT_EQ(read().error().kind, ErrorKind::invalid);
  EXPECT_THAT(read().error().message,
              HasSubstr("no row of the journal tells its side: BNBUSDT: side is \"sideways\""));
}

TEST_F(SqliteJournalTest, TakesTheExecutionJournalForSymbolsTheTradeLogDoesNotKnow) {
  write(
      std::string(kTradeLogs) + kShort +
      "CREATE TABLE execution_journal(id INTEGER PRIMARY KEY, run_id INTEGER, symbol TEXT, side "
      "TEXT, target_weight FLOAT, quantity FLOAT, status TEXT, reason TEXT, error TEXT, created_at "
      "DATETIME, executed_at DATETIME);"
      "INSERT INTO execution_journal(symbol,side,quantity,status,error,created_at) VALUES"
      "('BNBUSDT','BUY',9,'executed',NULL,'2025-11-20 01:23:00'),"
      "('DOTUSDT','BUY',10,'executed',NULL,'2025-11-20 01:23:00'),"
      "('XRPUSDT','BUY',10,'executed','-2019 margin',NULL);");
  EXPECT_THAT(
      reading().entries,
      ElementsAre(
          kShortEntry,
          JournalEntry{"DOTUSDT", Side::buy, 10_d, {}, {}, model::from_epoch_ms(1763601780000)}));
}

TEST_F(SqliteJournalTest, ReadsTheOperatorsQuery) {
  write(
      "CREATE TABLE trades(pair TEXT, is_open INTEGER, is_short INTEGER, amount FLOAT, open_rate "
      "FLOAT, stop_loss FLOAT, open_date TEXT);"
      "INSERT INTO trades VALUES('BNB/USDT:USDT',1,1,2.17,896.8,914.74,'2025-11-20 01:23:00'),"
      "('SOL/USDT:USDT',0,1,7,139.01,141.79,'2025-11-20 01:23:00');");
  JournalEntry expected = kShortEntry;
  expected.stop_price = 914.74_d;
  expected.open = true;
  EXPECT_THAT(
      reading("SELECT pair AS symbol, CASE is_short WHEN 1 THEN 'SHORT' ELSE 'LONG' END AS "
              "side, amount AS quantity, open_rate AS entry_price, stop_loss AS stop_price, "
              "open_date AS opened_at, is_open FROM trades")
          .entries,
      ElementsAre(expected));
}

TEST_F(SqliteJournalTest, RefusesAQueryThatIsWrongOrWritesOrNeverEnds) {
  write(std::string(kTradeLogs) + kShort);
  EXPECT_THAT(read("SELECT nonsense").error().message, HasSubstr("no such column: nonsense"));
  EXPECT_THAT(read("SELECT symbol, side FROM trade_logs").error().message,
              HasSubstr("of bot.journal.query has no column quantity"));
  EXPECT_FALSE(read("DELETE FROM trade_logs RETURNING symbol,side,qty AS quantity,price AS "
                    "entry_price")
                   .has_value());
  EXPECT_FALSE(read("ATTACH 'other.db' AS other").has_value());
  EXPECT_THAT(reading().entries, SizeIs(1));
  const auto endless = read(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT 'A' AS symbol, 'BUY' "
      "AS "
      "side, 1 AS quantity, sum(i) AS entry_price FROM n");
  EXPECT_EQ(endless.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(endless.error().message, HasSubstr("took longer than 3s"));
}

TEST_F(SqliteJournalTest, LooksAtTheNewestFiveThousandRowsOnly) {
  write(std::string(kTradeLogs) + kShort +
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<6000) INSERT INTO "
        "trade_logs(symbol,side,qty,price,status) SELECT 'A','BUY',i,1,'FILLED' FROM n;");
  EXPECT_THAT(reading().entries, ElementsAre(JournalEntry{"A", Side::buy, 6000_d, 1_d, {}, {}}));
}

// File permissions bind no superuser: these looks are made as the user `nobody`.
class AsNobody {
 public:
  AsNobody() { changed_ = ::geteuid() == 0 && ::seteuid(65534) == 0; }
  ~AsNobody() {
    if (changed_ && ::seteuid(0) != 0) ::abort();
  }

 private:
  bool changed_ = false;
};

TEST_F(SqliteJournalTest, ReadsAFileInWalModeWithoutItsWriterInADirectoryItMayNotWriteTo) {
  write(std::string(kTradeLogs) + kShort);
  ASSERT_FALSE(std::filesystem::exists(path_.string() + "-shm"));
  ::chmod(path_.c_str(), 0444);
  ::chmod(directory_.c_str(), 0555);
  {
    const AsNobody nobody;
    EXPECT_THAT(reading().entries, ElementsAre(kShortEntry));
  }
  ::chmod(directory_.c_str(), 0755);
}

TEST_F(SqliteJournalTest, ReadsTheLogOfALiveOrAKilledWriterThatItMayNotWriteTo) {
  const pid_t bot = ::fork();
  ASSERT_GE(bot, 0);
  if (bot == 0) {
    auto file = writer();
    file.exec(std::string(kTradeLogs) + kShort);
    ::chmod(directory_.c_str(), 0555);
    ::chmod(path_.c_str(), 0444);
    std::ofstream(directory_.string() + ".ready");
    ::pause();
  }
  const auto ready = std::filesystem::path(directory_.string() + ".ready");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!std::filesystem::exists(ready) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  {
    const AsNobody nobody;
    EXPECT_THAT(reading().entries, ElementsAre(kShortEntry)) << "alive";
  }
  ::kill(bot, SIGKILL);
  ::waitpid(bot, nullptr, 0);
  ASSERT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0u);
  {
    const AsNobody nobody;
    EXPECT_THAT(reading().entries, ElementsAre(kShortEntry)) << "killed";
  }
  ::chmod(directory_.c_str(), 0755);
  std::filesystem::remove(ready);
}

TEST_F(SqliteJournalTest, ReportsAFileOrALogThatItMayNotRead) {
  auto file = writer();
  file.exec(std::string(kTradeLogs) + kShort);
  ::chmod(directory_.c_str(), 0755);
  ::chmod((path_.string() + "-wal").c_str(), 0600);
  ::chmod((path_.string() + "-shm").c_str(), 0600);
  ::chmod(path_.c_str(), 0644);
  const bool root = ::geteuid() == 0;
  if (!root) GTEST_SKIP() << "needs to be started as root, to look as another user";
  {
    const AsNobody nobody;
    const auto failed = read();
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().kind, ErrorKind::refused);
    EXPECT_THAT(failed.error().message, HasSubstr("-wal and -shm, must be readable"));
  }
  ::chmod(path_.c_str(), 0600);
  const AsNobody nobody;
  EXPECT_EQ(read().error().kind, ErrorKind::refused);
}

}  // namespace
}  // namespace vakthund::bot
