#include "db/database.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/reader.h"
#include "db/schema.h"
#include "tests/db/scratch.h"

namespace vakthund::db {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Error refusal(const std::string& path) {
  auto database = Database::open(path);
  if (database) return error(ErrorKind::invalid, "it was opened");
  return database.error();
}

// Root may write everything; these tests want an ordinary user's eyes.
class AsOrdinaryUser {
 public:
  AsOrdinaryUser() { changed_ = ::geteuid() == 0 && ::seteuid(65534) == 0; }
  ~AsOrdinaryUser() {
    if (changed_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool changed_ = false;
};

TEST(OpeningADatabase, CreatesAFileThatOnlyItsOwnerMayRead) {
  const Scratch scratch;
  Database database = open_or_die(scratch.file());
  SQLite::Database& connection = database.connection();

  EXPECT_EQ(mode_of(scratch.file()), 0600u);
  EXPECT_EQ(mode_of(scratch.file() + "-wal"), 0600u);
  EXPECT_EQ(connection.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(connection.execAndGet("PRAGMA synchronous").getInt(), 2);  // FULL
  EXPECT_EQ(connection.execAndGet("PRAGMA user_version").getInt(), kSchemaVersion);
}

TEST(OpeningADatabase, NarrowsTheModeOfAFileThatOthersCouldRead) {
  const Scratch scratch;
  {
    open_or_die(scratch.file());
  }
  ASSERT_EQ(::chmod(scratch.file().c_str(), 0664), 0);
  open_or_die(scratch.file());
  EXPECT_EQ(mode_of(scratch.file()), 0600u);
}

TEST(OpeningADatabase, HasOnlyStrictTables) {
  const Scratch scratch;
  Database database = open_or_die(scratch.file());
  SQLite::Statement lax(database.connection(),
                        "SELECT group_concat(name) FROM pragma_table_list WHERE schema = 'main' "
                        "AND name NOT LIKE 'sqlite_%' AND NOT strict");
  ASSERT_TRUE(lax.executeStep());
  EXPECT_EQ(lax.getColumn(0).getString(), "");
}

TEST(OpeningADatabase, OpensAgainWhatItCreated) {
  const Scratch scratch;
  {
    open_or_die(scratch.file());
  }
  EXPECT_TRUE(Database::open(scratch.file()));
}

TEST(OpeningADatabase, TakesAnEmptyFileAsNew) {
  const Scratch scratch;
  write_file(scratch.file(), "");
  EXPECT_TRUE(Database::open(scratch.file()));
}

TEST(OpeningADatabase, RefusesADirectoryThatDoesNotExist) {
  const Scratch scratch;
  const std::string path = scratch.path() + "/missing/vakthund.db";
  EXPECT_EQ(refusal(path),
            error(ErrorKind::refused, "database " + path + ": there is no directory " +
                                          scratch.path() + "/missing; create it"));
}

TEST(OpeningADatabase, RefusesADirectoryInTheFilesPlace) {
  const Scratch scratch;
  const Error e = refusal(scratch.path());
  EXPECT_EQ(e.kind, ErrorKind::refused);
  EXPECT_THAT(e.message, HasSubstr("that is a directory; name a file in it"));
}

TEST(OpeningADatabase, RefusesAnEmptyPath) { EXPECT_EQ(refusal("").kind, ErrorKind::refused); }

TEST(OpeningADatabase, RefusesWhatIsNoRegularFile) {
  const Error e = refusal("/dev/null");
  EXPECT_EQ(e.kind, ErrorKind::refused);
  EXPECT_THAT(e.message, HasSubstr("not a regular file"));
}

TEST(OpeningADatabase, RefusesAFileItMayNotWrite) {
  const Scratch scratch;
  {
    open_or_die(scratch.file());
  }
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod(scratch.file().c_str(), 0444), 0);
  const AsOrdinaryUser ordinary;
  const Error e = refusal(scratch.file());
  EXPECT_EQ(e.kind, ErrorKind::refused);
  EXPECT_THAT(e.message, HasSubstr("may not be read and written"));
  EXPECT_THAT(e.message, HasSubstr("check its owner"));
}

TEST(OpeningADatabase, RefusesADirectoryItMayNotWrite) {
  const Scratch scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0555), 0);
  const AsOrdinaryUser ordinary;
  const Error e = refusal(scratch.file());
  EXPECT_EQ(e.kind, ErrorKind::refused);
  EXPECT_THAT(e.message, HasSubstr("may not write in the directory"));
}

TEST(OpeningADatabase, RefusesANewerSchemaAndSaysWhatToDo) {
  const Scratch scratch;
  {
    Database database = open_or_die(scratch.file());
    database.connection().exec("PRAGMA user_version=7");
  }
  EXPECT_EQ(
      refusal(scratch.file()),
      error(ErrorKind::refused, "database " + scratch.file() +
                                    ": it has schema 7 and this vakthund knows 3; run the newer "
                                    "version that wrote it, or name another file"));
}

TEST(OpeningADatabase, MigratesAFileOfTheFirstSchemaAndKeepsWhatIsInIt) {
  const Scratch scratch;
  {
    SQLite::Database old(scratch.file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(migrations()[0]);
    old.exec("PRAGMA application_id=" + std::to_string(kApplicationId));
    old.exec("PRAGMA user_version=1");
    old.exec(
        "INSERT INTO kill VALUES ('main', 'latched', 'K20251120T012300', 'stop crossed', 'rule', "
        "1763601780000, 2)");
  }
  open_or_die(scratch.file());

  auto reader = Reader::open(scratch.file());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->load_kill("main").value(), latched());
  EXPECT_EQ((*reader)->load_baseline("main").value(), std::nullopt);
}

TEST(OpeningADatabase, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  const Scratch scratch;
  {
    SQLite::Database trades(scratch.file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    trades.exec("CREATE TABLE trades (id INTEGER)");
  }
  const Error e = refusal(scratch.file());
  EXPECT_EQ(e.kind, ErrorKind::refused);
  EXPECT_THAT(e.message, HasSubstr("belongs to another program"));
  SQLite::Database trades(scratch.file());
  EXPECT_EQ(trades.execAndGet("PRAGMA journal_mode").getString(), "delete");
  EXPECT_FALSE(trades.tableExists("journal"));
}

TEST(OpeningADatabase, TellsAFileThatIsNoDatabase) {
  const Scratch scratch;
  write_file(scratch.file(), std::string(20'000, 'x'));
  const Error e = refusal(scratch.file());
  EXPECT_EQ(e.kind, ErrorKind::invalid);
  EXPECT_TRUE(is_corrupt(e));
  EXPECT_THAT(e.message, HasSubstr("move it aside"));
}

TEST(OpeningADatabase, TellsADatabaseThatIsDamagedInTheMiddle) {
  const Scratch scratch;
  {
    Database database = open_or_die(scratch.file());
    database.connection().exec(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "INSERT INTO journal (time_ms, account, kind, incident, text) "
        "SELECT i, 'main', 'k', 'I1', hex(randomblob(20)) FROM n");
    database.connection().exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  {
    std::fstream file(scratch.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60'000);
    file << std::string(30'000, '\xA5');
  }
  EXPECT_TRUE(is_corrupt(refusal(scratch.file())));
}

TEST(OpeningADatabase, TellsATruncatedDatabase) {
  const Scratch scratch;
  {
    open_or_die(scratch.file());
  }
  std::filesystem::resize_file(scratch.file(), 5000);
  EXPECT_TRUE(is_corrupt(refusal(scratch.file())));
}

TEST(ADamagedDatabase, IsMovedAsideWithItsLogAndReplacedByAnEmptyOne) {
  const Scratch scratch;
  write_file(scratch.file(), "damaged");
  write_file(scratch.file() + "-wal", "its log");

  const auto aside = quarantine(scratch.file(), at(0));

  ASSERT_TRUE(aside);
  EXPECT_EQ(*aside, scratch.file() + ".corrupt-20251120T012300Z");
  EXPECT_TRUE(std::filesystem::exists(*aside));
  EXPECT_TRUE(std::filesystem::exists(*aside + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(scratch.file() + "-wal"));
  EXPECT_TRUE(Database::open(scratch.file()));
}

TEST(ADamagedDatabase, NeverReplacesOneThatWasMovedAsideBefore) {
  const Scratch scratch;
  write_file(scratch.file(), "first");
  ASSERT_TRUE(quarantine(scratch.file(), at(0)));
  write_file(scratch.file(), "second");
  EXPECT_EQ(quarantine(scratch.file(), at(0)).value(),
            scratch.file() + ".corrupt-20251120T012300Z.2");
}

TEST(ADamagedDatabase, ThatCannotBeMovedSaysWhy) {
  const Scratch scratch;
  const auto aside = quarantine(scratch.file(), at(0));
  ASSERT_FALSE(aside);
  EXPECT_THAT(aside.error().message, HasSubstr("No such file"));
}

TEST(OpeningForReading, NeedsAFileAndNeverCreatesOne) {
  const Scratch scratch;
  const auto database = Database::open_read_only(scratch.file());
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(scratch.file()));
}

TEST(OpeningForReading, CannotWrite) {
  const Scratch scratch;
  {
    open_or_die(scratch.file());
  }
  auto database = Database::open_read_only(scratch.file());
  ASSERT_TRUE(database);
  EXPECT_THROW(database->connection().exec("DELETE FROM kill"), SQLite::Exception);
}

}  // namespace
}  // namespace vakthund::db
