// The Writer against disks that fill up, fail and come back, and processes that die.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "db/reader.h"
#include "db/writer.h"
#include "tests/db/scratch.h"

namespace vakthund::db {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = WriterTrouble::Kind;

constexpr auto kPatience = 30s;

// Collects what the Writer tells and lets a test wait for it.
class Troubles {
 public:
  std::function<void(const WriterTrouble&)> collector() {
    return [this](const WriterTrouble& trouble) {
      const std::lock_guard lock(mutex_);
      seen_.push_back(trouble);
      changed_.notify_all();
    };
  }
  bool wait_for(Kind kind) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return count_locked(kind) > 0; });
  }
  int count(Kind kind) {
    const std::lock_guard lock(mutex_);
    return count_locked(kind);
  }
  std::string first(Kind kind) {
    const std::lock_guard lock(mutex_);
    for (const auto& trouble : seen_) {
      if (trouble.kind == kind) return trouble.message;
    }
    return "";
  }

 private:
  int count_locked(Kind kind) const {
    int n = 0;
    for (const auto& trouble : seen_) n += trouble.kind == kind;
    return n;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<WriterTrouble> seen_;
};

// No file of this process may grow beyond `bytes`: a disk that refuses, for root too.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { lift(); }
  void lift() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

Writer::Options quick(Troubles& troubles) {
  Writer::Options options;
  options.retry_first = 1ms;
  options.retry_longest = 5ms;
  options.stop_patience = 50ms;
  options.on_trouble = troubles.collector();
  return options;
}

std::size_t journal_size(const std::string& path) {
  auto reader = Reader::open(path);
  if (!reader) return 0;
  auto rows = (*reader)->journal(100'000);
  return rows ? rows->size() : 0;
}

TEST(AFailingDisk, LosesNothingThatWasQueuedAndIsToldOnceAndItsEndToo) {
  const Scratch scratch;
  Troubles troubles;
  Writer writer(open_or_die(scratch.file()), quick(troubles));
  FileSizeLimit refusing(1);
  writer.append(journal_row("written later"));
  writer.save_kill(latched());
  ASSERT_TRUE(troubles.wait_for(Kind::disk));
  KillRow newer = latched();
  newer.attempt = 3;
  writer.save_kill(newer);

  refusing.lift();

  ASSERT_TRUE(writer.flush(kPatience));
  ASSERT_TRUE(troubles.wait_for(Kind::recovered));
  EXPECT_EQ(troubles.count(Kind::recovered), 1);
  EXPECT_LE(troubles.count(Kind::disk), 2);  // its words may change from one statement to another
  EXPECT_THAT(troubles.first(Kind::disk), HasSubstr(scratch.file()));
  EXPECT_FALSE(writer.counters().failing);
  EXPECT_GE(writer.counters().disk_failures, 1u);
  auto reader = Reader::open(scratch.file());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->load_kill("main").value(), newer);
  EXPECT_EQ((*reader)->journal().value().size(), 1u);
}

TEST(AFailingDisk, DropsAndCountsJournalRowsBeyondTheLimitButNoKill) {
  const Scratch scratch;
  Troubles troubles;
  Writer::Options options = quick(troubles);
  options.max_queued = 100;
  options.max_batch = 10;
  Writer writer(open_or_die(scratch.file()), options);
  FileSizeLimit refusing(1);
  writer.append(journal_row("0"));
  ASSERT_TRUE(troubles.wait_for(Kind::disk));
  for (int i = 1; i < 1000; ++i) writer.append(journal_row(std::to_string(i)));
  writer.save_kill(latched());
  writer.enqueue_alert(alert_row("A1"), {"a"});
  const auto counters = writer.counters();
  EXPECT_GE(counters.dropped, 1000u - 100u - 10u);
  EXPECT_EQ(troubles.count(Kind::queue_full), 1);

  refusing.lift();

  ASSERT_TRUE(writer.flush(kPatience));
  auto reader = Reader::open(scratch.file());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->load_kill("main").value(), latched());
  EXPECT_EQ((*reader)->pending_alerts("a").value().size(), 1u);
  EXPECT_EQ((*reader)->journal(10'000).value().size(), 1000u - counters.dropped);
}

TEST(AFailingDisk, DoesNotHoldUpTheEndOfTheProgram) {
  const Scratch scratch;
  Troubles troubles;
  bool told_lost = false;
  FileSizeLimit* refusing = nullptr;
  {
    Writer writer(open_or_die(scratch.file()), quick(troubles));
    refusing = new FileSizeLimit(1);
    writer.enqueue_alert(alert_row("A1"), {"a"}, [&](bool on_disk) { told_lost = !on_disk; });
    ASSERT_TRUE(troubles.wait_for(Kind::disk));
    EXPECT_FALSE(writer.flush(1ms));
  }
  delete refusing;
  EXPECT_TRUE(told_lost);
}

TEST(AFullFile, IsToldWithWhatToDo) {
  const Scratch scratch;
  Troubles troubles;
  Database::Options limited;
  limited.max_bytes = 200'000;
  Writer writer(open_or_die(scratch.file(), limited), quick(troubles));
  for (int i = 0; i < 100; ++i) writer.append(journal_row(std::string(10'000, 'x')));
  ASSERT_TRUE(troubles.wait_for(Kind::disk));
  EXPECT_THAT(troubles.first(Kind::disk), HasSubstr("make room"));
  // The switch needs no new page, so that it still finds its place.
  writer.save_kill(latched());
  auto reader = Reader::open(scratch.file());
  ASSERT_TRUE(reader);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!(*reader)->load_kill("main").value() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ((*reader)->load_kill("main").value(), latched());
}

TEST(AFullDisk, IsWrittenToAgainOnceThereIsRoom) {
  const Scratch scratch;
  if (::mount("none", scratch.path().c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "needs the right to mount a small disk";
  }
  {
    Troubles troubles;
    Writer writer(open_or_die(scratch.file()), quick(troubles));
    const std::string ballast = scratch.file("ballast");
    write_file(ballast, std::string(4'000'000, 'b'));  // as much as fits
    for (int i = 0; i < 20; ++i) writer.append(journal_row(std::string(5'000, 'x')));
    writer.save_kill(latched());
    EXPECT_TRUE(troubles.wait_for(Kind::disk));
    std::filesystem::remove(ballast);
    EXPECT_TRUE(writer.flush(kPatience));
    EXPECT_EQ(journal_size(scratch.file()), 20u);
  }
  EXPECT_EQ(::umount(scratch.path().c_str()), 0);
}

TEST(AnotherProcessThatHoldsTheFile, OnlyDelaysTheWriter) {
  const Scratch scratch;
  Troubles troubles;
  Database::Options impatient;
  impatient.busy_timeout = 1ms;
  Writer writer(open_or_die(scratch.file(), impatient), quick(troubles));
  Database other = open_or_die(scratch.file());
  {
    SQLite::Transaction holding(other.connection(), SQLite::TransactionBehavior::IMMEDIATE);
    writer.append(journal_row("1"));
    ASSERT_TRUE(troubles.wait_for(Kind::disk));
    EXPECT_THAT(troubles.first(Kind::disk), HasSubstr("another process holds the file"));
  }
  ASSERT_TRUE(writer.flush(kPatience));
  EXPECT_EQ(journal_size(scratch.file()), 1u);
}

TEST(ARowThatSqliteRefuses, IsDroppedAndHoldsUpNoOther) {
  const Scratch scratch;
  Troubles troubles;
  Database database = open_or_die(scratch.file());
  database.connection().exec(
      "CREATE TRIGGER picky BEFORE INSERT ON journal WHEN NEW.text = 'bad' "
      "BEGIN SELECT RAISE(ABORT, 'no bad rows'); END");
  Writer writer(std::move(database), quick(troubles));
  for (const char* text : {"good", "bad", "good"}) writer.append(journal_row(text));
  ASSERT_TRUE(writer.flush(kPatience));
  ASSERT_TRUE(troubles.wait_for(Kind::row_rejected));
  EXPECT_THAT(troubles.first(Kind::row_rejected), HasSubstr("no bad rows"));
  EXPECT_EQ(journal_size(scratch.file()), 2u);
  EXPECT_EQ(writer.counters().rejected, 1u);
}

// Writes in a process of its own, says so through the pipe and waits to be killed.
[[noreturn]] void write_and_wait(const std::string& path, int ready) {
  Writer writer(open_or_die(path));
  writer.save_kill(latched());
  writer.enqueue_alert(alert_row("A1"), {"a"});
  writer.append(journal_row("intent"));
  const char answer = writer.flush(kPatience) ? 'y' : 'n';
  if (::write(ready, &answer, 1) != 1) std::abort();
  for (;;) ::pause();
}

TEST(AProcessThatIsKilled, LeavesEverythingThatWasFlushed) {
  const Scratch scratch;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) write_and_wait(scratch.file(), ready[1]);
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_EQ(answer, 'y');

  Reader reader(open_or_die(scratch.file()));
  EXPECT_EQ(reader.load_kill("main").value(), latched());
  EXPECT_EQ(reader.pending_alerts("a").value(), (std::vector{PendingAlert{alert_row("A1"), 0}}));
  EXPECT_EQ(reader.journal().value().size(), 1u);
}

}  // namespace
}  // namespace vakthund::db
