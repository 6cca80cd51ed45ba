#include "watchdog/bot/bot_source.h"

#include <gmock/gmock.h>

#include <condition_variable>

#include "tests/watchdog/bot/fake_bot.h"

namespace vakthund::bot {
namespace {

using namespace model::literals;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kPositions =
    R"({"positions":[{"symbol":"BNBUSDT","positionAmt":"-2.17","entryPrice":"896.80"}]})";

std::vector<guard::Event> look(const std::string& url) {
  return BotSource(BotSettings{.url = url}, nullptr).look_once();
}
template <class T>
const T* event(const std::vector<guard::Event>& events, std::size_t at) {
  return at < events.size() ? std::get_if<T>(&events[at]) : nullptr;
}

TEST(BotSource, ReadsHealthAndPositions) {
  const FakeBot bot({{"/health", http_answer(200, R"({"status":"ok"})")},
                     {"/api/positions", http_answer(200, kPositions)}});
  const auto events = look(bot.url() + "/");
  ASSERT_THAT(events, SizeIs(2));
  ASSERT_TRUE(event<guard::BotHealthSeen>(events, 0));
  EXPECT_TRUE(event<guard::BotHealthSeen>(events, 0)->health.up);
  ASSERT_TRUE(event<guard::BotPositionsRead>(events, 1));
  EXPECT_EQ(event<guard::BotPositionsRead>(events, 1)->positions,
            (std::vector{model::BotPosition{"BNBUSDT", -2.17_d, 896.8_d, {}}}));
}

TEST(BotSource, FallsBackToTheOlderPathAndStaysWithIt) {
  const FakeBot bot({{"/health", http_answer(200, "{}")},
                     {"/api/positions", http_answer(404, "")},
                     {"/positions", http_answer(200, kPositions)}});
  BotSource source(BotSettings{.url = bot.url()}, nullptr);
  EXPECT_TRUE(event<guard::BotPositionsRead>(source.look_once(), 1));
  EXPECT_EQ(bot.asked(), 3);
  EXPECT_TRUE(event<guard::BotPositionsRead>(source.look_once(), 1));
  EXPECT_EQ(bot.asked(), 5);
}

TEST(BotSource, SaysThatABotIsDownWhenNobodyListens) {
  Poco::Net::ServerSocket gone(Poco::Net::SocketAddress("127.0.0.1", 0));
  const std::string url = "http://127.0.0.1:" + std::to_string(gone.address().port());
  gone.close();
  const auto events = look(url);
  ASSERT_TRUE(event<guard::BotHealthSeen>(events, 0));
  EXPECT_FALSE(event<guard::BotHealthSeen>(events, 0)->health.up);
  ASSERT_TRUE(event<guard::FeedFailed>(events, 1));
  EXPECT_EQ(event<guard::FeedFailed>(events, 1)->error.kind, ErrorKind::unavailable);
}

TEST(BotSource, DoesNotTakeAFailedOrHalfReadListForAnEmptyOne) {
  const std::string broken = http_answer(200, kPositions).substr(0, 100);
  const std::string no_amount = http_answer(200, R"({"positions":[{"symbol":"BNBUSDT"}]})");
  for (const std::string& bytes :
       {http_answer(500, kPositions), http_answer(200, "[{"), broken, no_amount,
        http_answer(302, ""), http_answer(200, std::string(5u << 20, ' ')),
        std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n")}) {
    const FakeBot bot({{"/health", http_answer(200, "{}")}, {"/api/positions", bytes}});
    const auto events = look(bot.url());
    ASSERT_FALSE(events.empty());
    const auto* failed = event<guard::FeedFailed>(events, events.size() - 1);
    ASSERT_TRUE(failed) << bytes.substr(0, 60);
    EXPECT_EQ(failed->feed, model::Feed::bot_positions);
    EXPECT_EQ(failed->error.message.find('\n'), std::string::npos);
  }
}

TEST(BotSource, ReportsRowsThatCannotBeRead) {
  const FakeBot bot(
      {{"/health", http_answer(200, "{}")},
       {"/api/positions", http_answer(200, R"({"positions":[{"symbol":"A","positionAmt":1}]})")}});
  const auto events = look(bot.url());
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_TRUE(event<guard::BotPositionsRead>(events, 1));
  EXPECT_EQ(event<guard::Undecodable>(events, 2)->what,
            "the bot's positions: row 1: A entryPrice is missing");
}

TEST(BotSource, CallsABadAddressAFailureOfItsOwn) {
  for (const std::string url : {"ftp://127.0.0.1", "http://", "http://[::1", "nonsense"}) {
    const auto events = look(url);
    ASSERT_TRUE(event<guard::FeedFailed>(events, 0)) << url;
    EXPECT_EQ(event<guard::FeedFailed>(events, 0)->error.kind, ErrorKind::invalid) << url;
  }
}

TEST(BotSource, ReportsAMissingJournalAndNothingOfFeedsThatAreNotConfigured) {
  const auto events =
      BotSource(BotSettings{.journal_path = "/nonexistent/trades.db"}, nullptr).look_once();
  ASSERT_THAT(events, SizeIs(1));
  ASSERT_TRUE(event<guard::FeedFailed>(events, 0));
  EXPECT_EQ(event<guard::FeedFailed>(events, 0)->feed, model::Feed::journal);
  EXPECT_EQ(event<guard::FeedFailed>(events, 0)->error.kind, ErrorKind::not_found);
}

TEST(BotSource, LooksAgainAtEveryIntervalAndDeliversNothingAfterStop) {
  const FakeBot bot(
      {{"/health", http_answer(200, "{}")}, {"/api/positions", http_answer(200, kPositions)}});
  std::mutex mutex;
  std::condition_variable changed;
  int batches = 0;
  BotSettings settings{.url = bot.url()};
  settings.poll_interval = std::chrono::milliseconds(5);
  BotSource source(settings, [&](std::vector<guard::Event> events) {
    EXPECT_THAT(events, SizeIs(2));
    const std::lock_guard lock(mutex);
    ++batches;
    changed.notify_all();
  });
  source.start();
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return batches >= 3; }));
  }
  source.stop();
  const int at_stop = batches;
  EXPECT_EQ(batches, at_stop);
}

TEST(BotSource, StopsWhileItWaitsForABotThatNeverAnswers) {
  const FakeBot bot([](const Asked&) { return std::string(); });
  int batches = 0;
  BotSource source(BotSettings{.url = bot.url()}, [&](auto) { ++batches; });
  source.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (bot.asked() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  source.stop();
  EXPECT_EQ(batches, 0);
}

}  // namespace
}  // namespace vakthund::bot
