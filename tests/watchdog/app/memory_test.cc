#include "watchdog/app/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>

#include "watchdog/app/outbox_in_db.h"

namespace vakthund::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

const model::WallTime kNight = model::from_epoch_ms(1763601780000);

class MemoryTest : public testing::Test {
 protected:
  MemoryTest() {
    std::string name = std::filesystem::temp_directory_path() / "vakthund-memory-XXXXXX";
    directory_ = mkdtemp(name.data());
    path_ = directory_ + "/vakthund.db";
  }
  ~MemoryTest() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Memory> open(bool alone = false) {
    auto memory = Memory::open(path_, alone, [&](const std::string& text) { warned_ += text; });
    EXPECT_TRUE(memory.has_value()) << memory.error().message;
    return std::move(*memory);
  }

  std::string directory_;
  std::string path_;
  std::string warned_;
};

TEST_F(MemoryTest, KeepsALatchOverARestart) {
  const guard::KillRecord latched{
      guard::KillRecord::State::latched, "K1", "night", "api", kNight, 2};
  {
    const auto memory = open();
    memory->remember("main", guard::SaveKill{latched}, kNight);
    memory->close();
  }
  EXPECT_EQ(open()->load_kill("main").value(), latched);
  EXPECT_EQ(open()->load_kill("other").value(), std::nullopt);
}

TEST_F(MemoryTest, KeepsAPeakOverARestart) {
  model::Baseline baseline;
  baseline.since = kNight - 24h;
  baseline.peak_equity = model::Decimal::whole(1200);
  baseline.peak_at = kNight - 1h;
  baseline.wallet = model::Decimal::whole(1000);
  baseline.wallet_at = kNight;
  {
    const auto memory = open();
    memory->remember("main", guard::SaveBaseline{baseline}, kNight);
    memory->close();
  }
  EXPECT_EQ(open()->load_baseline("main").value(), baseline);
  EXPECT_EQ(open()->load_baseline("other").value(), std::nullopt);
}

TEST_F(MemoryTest, BelongsToOneDaemonAtATime) {
  const auto first = open(/*alone=*/true);
  const auto second = Memory::open(path_, /*alone=*/true, {});
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().kind, ErrorKind::refused);
  EXPECT_THAT(second.error().message, HasSubstr("another vakthund"));
}

TEST_F(MemoryTest, IsFreeAgainWhenItsDaemonHasEnded) {
  open(/*alone=*/true).reset();
  EXPECT_TRUE(Memory::open(path_, /*alone=*/true, {}).has_value());
}

TEST_F(MemoryTest, MovesADamagedDatabaseAsideAndSaysSo) {
  std::ofstream(path_) << "SQLite format 3" << std::string(5000, 'x');
  open();
  EXPECT_THAT(warned_, HasSubstr("moved to"));
}

// A small disk of its own at the test's directory, where this machine allows it.
class SmallDisk {
 public:
  explicit SmallDisk(std::string at) : at_(std::move(at)) {
    mounted_ = ::mount("none", at_.c_str(), "tmpfs", 0, "size=2m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(at_.c_str());
  }
  bool mounted() const { return mounted_; }
  bool make_read_only() { return remount(MS_RDONLY); }
  bool make_writable() { return remount(0); }

 private:
  bool remount(unsigned long flags) {
    return ::mount("none", at_.c_str(), "tmpfs", MS_REMOUNT | flags, "size=2m") == 0;
  }
  std::string at_;
  bool mounted_ = false;
};

TEST_F(MemoryTest, RemembersElsewhereWhileItsDiskIsReadOnlyAndCarriesTheLatchBothWays) {
  SmallDisk disk(directory_);
  if (!disk.mounted()) GTEST_SKIP() << "needs the right to mount a small disk";
  const guard::KillRecord latched{
      guard::KillRecord::State::latched, "K1", "night", "api", kNight, 1};
  {
    const auto memory = open(/*alone=*/true);
    memory->remember("main", guard::SaveKill{latched}, kNight);
    memory->close();
  }
  ASSERT_TRUE(disk.make_read_only());
  guard::KillRecord again = latched;
  again.attempt = 2;
  {
    const auto memory = open(/*alone=*/true);
    EXPECT_THAT(memory->elsewhere(), HasSubstr("until its disk is well"));
    EXPECT_THAT(warned_, HasSubstr("until its disk is well"));
    EXPECT_EQ(memory->load_kill("main").value(), latched);
    memory->remember("main", guard::SaveKill{again}, kNight);
    memory->close();
  }
  EXPECT_EQ(open(/*alone=*/true)->load_kill("main").value(), again) << "a second start there";
  ASSERT_TRUE(disk.make_writable());

  const auto memory = open(/*alone=*/true);

  EXPECT_EQ(memory->elsewhere(), "");
  EXPECT_EQ(memory->load_kill("main").value(), again);
}

TEST_F(MemoryTest, DoesNotExcuseAPathThatWasNeverRight) {
  path_ = directory_ + "/nowhere/vakthund.db";
  EXPECT_TRUE(Memory::open(path_, /*alone=*/true, {}).has_error());
}

TEST_F(MemoryTest, LeavesAFileThatIsNoDatabaseWhereItIs) {
  path_ = directory_ + "/vakthund.yaml";
  const std::string text = "mode: observe\n" + std::string(2000, '#');
  std::ofstream(path_) << text;

  EXPECT_TRUE(Memory::open(path_, false, {}).has_error());

  std::ifstream file(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(MemoryTest, EndsTheIncidentsOfAFormerRun) {
  guard::SaveIncident firing{"I1", "firing", {}, kNight, kNight};
  firing.finding.rule = "blind";  // of the account: it has no symbol
  const auto memory = open();
  memory->remember("main", firing, kNight);
  ASSERT_TRUE(memory->writer().flush(10s));
  ASSERT_THAT(memory->reader().open_incidents("main").value(), SizeIs(1));

  memory->end_open_incidents("main", kNight + 1min);

  ASSERT_TRUE(memory->writer().flush(10s));
  EXPECT_THAT(memory->reader().open_incidents("main").value(), IsEmpty());
}

TEST_F(MemoryTest, OwesAnAlertUntilItIsDeliveredThoughTheProgramEndsBetween) {
  alerts::Message message;
  message.key = "A1";
  message.time = kNight;
  {
    const auto memory = open();
    OutboxInDb store(memory->writer(), memory->reader());
    store.add(message, "{}", {"webhook"}, {});
    ASSERT_TRUE(memory->writer().flush(10s));
  }
  const auto memory = open();
  OutboxInDb store(memory->writer(), memory->reader());
  const auto owed = store.owed("webhook", 10).value();
  ASSERT_THAT(owed, SizeIs(1));
  EXPECT_EQ(owed[0].key, "A1");

  EXPECT_TRUE(store.record(
      {"A1", "webhook", alerts::Attempt::Outcome::delivered, 1, kNight, std::nullopt, ""}));
  EXPECT_THAT(store.owed("webhook", 10).value(), IsEmpty());
}

}  // namespace
}  // namespace vakthund::app
