#include "watchdog/bot/bot_source.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <map>

namespace vakthund::bot {
namespace {

using namespace model::literals;
using testing::HasSubstr;
using testing::SizeIs;

// A bot's HTTP side: answers each path with the bytes given, or never where there are none.
class FakeBot {
 public:
  explicit FakeBot(std::map<std::string, std::string> answers)
      : answers_(std::move(answers)),
        listener_(Poco::Net::SocketAddress("127.0.0.1", 0)),
        thread_([this] { serve(); }) {}
  ~FakeBot() {
    ending_ = true;
    thread_.join();
  }
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(listener_.address().port());
  }
  int asked() const { return asked_; }

 private:
  void serve() {
    std::vector<Poco::Net::StreamSocket> silent;
    while (!ending_) {
      if (!listener_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
      Poco::Net::StreamSocket peer = listener_.acceptConnection();
      char request[2048];
      const int length = peer.receiveBytes(request, sizeof request);
      std::string path(request, static_cast<std::size_t>(std::max(length, 0)));
      path = path.substr(4, path.find(' ', 4) - 4);
      ++asked_;
      const auto answer = answers_.find(path);
      if (answer == answers_.end()) {
        silent.push_back(peer);
        continue;
      }
      try {
        const std::string& bytes = answer->second;
        for (std::size_t sent = 0; sent < bytes.size();) {
          sent += static_cast<std::size_t>(
              peer.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
        }
      } catch (const Poco::Exception&) {
      }
    }
  }

  std::map<std::string, std::string> answers_;
  Poco::Net::ServerSocket listener_;
  std::atomic<bool> ending_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

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
  const FakeBot bot({{"/health", answer(200, R"({"status":"ok"})")},
                     {"/api/positions", answer(200, kPositions)}});
  const auto events = look(bot.url() + "/");
  ASSERT_THAT(events, SizeIs(2));
  ASSERT_TRUE(event<guard::BotHealthSeen>(events, 0));
  EXPECT_TRUE(event<guard::BotHealthSeen>(events, 0)->health.up);
  ASSERT_TRUE(event<guard::BotPositionsRead>(events, 1));
  EXPECT_EQ(event<guard::BotPositionsRead>(events, 1)->positions,
            (std::vector{model::BotPosition{"BNBUSDT", -2.17_d, 896.8_d, {}}}));
}

TEST(BotSource, FallsBackToTheOlderPathAndStaysWithIt) {
  const FakeBot bot({{"/health", answer(200, "{}")},
                     {"/api/positions", answer(404, "")},
                     {"/positions", answer(200, kPositions)}});
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
  const std::string broken = answer(200, kPositions).substr(0, 100);
  const std::string no_amount = answer(200, R"({"positions":[{"symbol":"BNBUSDT"}]})");
  for (const std::string& bytes :
       {answer(500, kPositions), answer(200, "[{"), broken, no_amount, answer(302, ""),
        answer(200, std::string(5u << 20, ' ')), std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n")}) {
    const FakeBot bot({{"/health", answer(200, "{}")}, {"/api/positions", bytes}});
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
      {{"/health", answer(200, "{}")},
       {"/api/positions", answer(200, R"({"positions":[{"symbol":"A","positionAmt":1}]})")}});
  const auto events = look(bot.url());
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(event<guard::Undecodable>(events, 1)->what,
            "the bot's positions: row 1: A entryPrice is missing");
  EXPECT_TRUE(event<guard::BotPositionsRead>(events, 2));
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
  const FakeBot bot({{"/health", answer(200, "{}")}, {"/api/positions", answer(200, kPositions)}});
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
  const FakeBot bot({});
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
