// The presets against a bot that answers bytes: logins that expire, fail and lie, pages that fail.
#include "watchdog/bot/bot_api.h"

#include <gmock/gmock.h>

#include "tests/watchdog/bot/fake_bot.h"
#include "watchdog/bot/bot_control.h"
#include "watchdog/bot/bot_source.h"

namespace vakthund::bot {
namespace {

using namespace model::literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kPassword = "hunter2CANARY";
const std::string kBasic = "Basic ZnJlcXRyYWRlcjpodW50ZXIyQ0FOQVJZ";
const std::string kTrades =
    R"([{"pair":"BNB/USDT:USDT","is_short":true,"amount":2.17,"open_rate":896.8}])";
const std::string kHealth = R"({"last_process_ts":1763601780})";

// freqtrade as documented, with one live token at a time.
class FakeFreqtrade {
 public:
  std::string operator()(const Asked& asked) {
    if (asked.path == "/api/v1/ping") return http_answer(ping, R"({"status":"pong"})");
    if (asked.path == "/api/v1/token/login") {
      if (login != 200) return http_answer(login, "{}");
      if (asked.method != "POST" || asked.authorization != kBasic) return http_answer(401, "{}");
      token = "token" + std::to_string(++logins);
      return http_answer(200, "{\"access_token\":\"" + token + "\"}");
    }
    const bool known = (!token.empty() && asked.authorization == "Bearer " + token) ||
                       (takes_basic && asked.authorization == kBasic);
    if (!known) return http_answer(401, R"({"detail":"Unauthorized"})");
    if (expires_at_once) token.clear();
    if (asked.path == "/api/v1/health") return http_answer(health, kHealth);
    if (asked.path == "/api/v1/stopentry" && asked.method == "POST") {
      return http_answer(200, R"({"status":"No more entries will occur from now."})");
    }
    if (asked.path == "/api/v1/status") return http_answer(status, kTrades);
    return http_answer(404, "{}");
  }
  int ping = 200, login = 200, health = 200, status = 200;
  bool takes_basic = true, expires_at_once = false;
  std::string token;
  int logins = 0;
};

class FreqtradeApiTest : public testing::Test {
 protected:
  FakeFreqtrade freqtrade_;
  FakeBot bot_{[this](const Asked& asked) { return freqtrade_(asked); }};
  BotSettings settings_{.kind = BotKind::freqtrade,
                        .url = bot_.url(),
                        .username = "freqtrader",
                        .password = kPassword};
  BotHttp http_{""};

  static std::string told(const Events& events) {
    std::string text;
    for (const auto& event : events) {
      if (const auto* seen = std::get_if<guard::BotHealthSeen>(&event)) {
        text += seen->health.up ? "up " : "down ";
        text += seen->health.detail + "; ";
      } else if (const auto* read = std::get_if<guard::BotPositionsRead>(&event)) {
        text += std::to_string(read->positions.size()) + " positions; ";
      } else if (const auto* failed = std::get_if<guard::FeedFailed>(&event)) {
        text += failed->feed == model::Feed::bot_health ? "no health: " : "no positions: ";
        text += std::string(to_string(failed->error.kind)) + " " + failed->error.message + "; ";
      } else if (const auto* odd = std::get_if<guard::Undecodable>(&event)) {
        text += odd->what + "; ";
      }
    }
    EXPECT_EQ(text.find("CANARY"), std::string::npos) << text;
    EXPECT_EQ(text.find("token1"), std::string::npos) << text;
    return text;
  }
  std::string look(BotApi& api) {
    Events events;
    api.look_at_health(events);
    api.look_at_positions(events);
    return told(events);
  }
  std::string look() { return look(*make_bot_api(settings_, http_)); }
  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const Asked& asked : bot_.requests()) paths.push_back(asked.path.substr(8));
    return paths;
  }
};

TEST_F(FreqtradeApiTest, StopsEntriesWithALoginOfItsOwn) {
  BotControl control(settings_);
  EXPECT_TRUE(control.stop_entries());
  EXPECT_EQ(bot_.requests().back().path, "/api/v1/stopentry");
  freqtrade_.token.clear();
  EXPECT_TRUE(control.stop_entries()) << "the token had expired";
  EXPECT_EQ(freqtrade_.logins, 2);
}

TEST(BotControl, SaysThatABotHasNoSuchCall) {
  BotControl control({.kind = BotKind::quantum_trader, .url = "http://127.0.0.1:1"});
  const auto done = control.stop_entries();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::invalid);
}

TEST_F(FreqtradeApiTest, LogsInOnceAndReadsHealthAndPositions) {
  BotSource source(settings_, nullptr);
  const auto events = source.look_once();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(std::get<guard::BotHealthSeen>(events[0]).health,
            (model::BotHealth{true, "answers", model::from_epoch_ms(1763601780000)}));
  EXPECT_EQ(std::get<guard::BotPositionsRead>(events[1]).positions,
            (std::vector{model::BotPosition{"BNBUSDT", -2.17_d, 896.8_d, {}}}));
  EXPECT_THAT(source.look_once(), SizeIs(2));
  EXPECT_THAT(paths(),
              ElementsAre("ping", "token/login", "health", "status", "ping", "health", "status"));
  EXPECT_THAT(bot_.requests().front(), (Asked{"GET", "/api/v1/ping", ""}));
  EXPECT_THAT(bot_.requests().back(), (Asked{"GET", "/api/v1/status", "Bearer token1"}));
}

TEST_F(FreqtradeApiTest, LogsInAgainWhenTheTokenExpiresAndNeverMoreThanOnceForARequest) {
  const auto api = make_bot_api(settings_, http_);
  EXPECT_EQ(look(*api), "up answers; 1 positions; ");
  freqtrade_.token.clear();
  EXPECT_EQ(look(*api), "up answers; 1 positions; ");
  EXPECT_EQ(freqtrade_.logins, 2);
  freqtrade_.expires_at_once = true;
  EXPECT_EQ(look(*api), "up answers; 1 positions; ");
  // A bot that gives tokens and takes none: one login for each request, then it is said.
  freqtrade_.expires_at_once = false;
  freqtrade_.logins = 0;
  FakeBot broken([this](const Asked& asked) {
    return asked.path.ends_with("login") || asked.path.ends_with("ping") ? freqtrade_(asked)
                                                                         : http_answer(401, "");
  });
  settings_.url = broken.url();
  const auto other = make_bot_api(settings_, http_);
  EXPECT_EQ(look(*other), "no health: refused " + settings_.url +
                              "/api/v1/health answered 401; no positions: refused " +
                              settings_.url + "/api/v1/status answered 401; ");
  EXPECT_EQ(freqtrade_.logins, 2);
  EXPECT_EQ(broken.asked(), 5);
}

TEST_F(FreqtradeApiTest, SaysWhatToChangeWhenItsPasswordIsRefusedAndThatIsNotTheBotsSilence) {
  settings_.password = "wrongCANARY";
  const std::string said = look();
  EXPECT_EQ(said, "no health: refused " + settings_.url +
                      "/api/v1/token/login answered 401: compare bot.username and bot.password "
                      "with the bot's api_server settings; no positions: refused " +
                      settings_.url +
                      "/api/v1/token/login answered 401: compare bot.username and bot.password "
                      "with the bot's api_server settings; ");
}

TEST_F(FreqtradeApiTest, SendsNameAndPasswordEachTimeToABotWithoutTokens) {
  freqtrade_.login = 404;
  EXPECT_EQ(look(), "up answers; 1 positions; ");
  EXPECT_EQ(bot_.requests().back().authorization, kBasic);
  freqtrade_.takes_basic = false;
  EXPECT_THAT(look(), HasSubstr("no health: refused"));
}

TEST_F(FreqtradeApiTest, SendsAGivenHeaderInsteadAndNoLogin) {
  settings_.username.clear();
  settings_.authorization = kBasic;
  EXPECT_EQ(look(), "up answers; 1 positions; ");
  EXPECT_THAT(paths(), ElementsAre("ping", "health", "status"));
}

TEST_F(FreqtradeApiTest, TellsDownFromUnknownAndFromTooOldToTell) {
  freqtrade_.ping = 502;
  EXPECT_EQ(look(), "down the bot's /api/v1/ping answered 502; 1 positions; ");
  freqtrade_.ping = 200;
  freqtrade_.health = 404;
  EXPECT_EQ(look(), "up answers; it does not tell progress; 1 positions; ");
  freqtrade_.health = 500;
  freqtrade_.status = 503;
  EXPECT_EQ(look(), "down " + settings_.url + "/api/v1/health answered 500; no positions: " +
                        "unavailable " + settings_.url + "/api/v1/status answered 503; ");
  freqtrade_.login = 500;
  EXPECT_EQ(look(), "down " + settings_.url + "/api/v1/token/login answered 500; no positions: " +
                        "unavailable " + settings_.url + "/api/v1/token/login answered 500; ");
}

TEST_F(FreqtradeApiTest, LooksAtABotOfOnesOwnWithAHeaderAndTellsEachPageApart) {
  FakeBot own([](const Asked& asked) {
    if (asked.authorization != "Token x y") return http_answer(403, "");
    if (asked.path == "/h?x=1") return http_answer(200, R"({"t":1763601780})");
    if (asked.path == "/p") return http_answer(200, R"([{"s":"A","a":-1}])");
    return http_answer(500, "");
  });
  BotSettings settings{.kind = BotKind::generic, .authorization = "Token x y"};
  settings.positions = {.url = own.url() + "/p", .symbol = "/s", .amount = "/a"};
  settings.health = {.url = own.url() + "/h?x=1", .progress = "/t"};
  EXPECT_EQ(look(*make_bot_api(settings, http_)), "up answers; 1 positions; ");
  settings.health.progress = "/typo";
  EXPECT_EQ(look(*make_bot_api(settings, http_)),
            "up answers; the bot's health: progress /typo finds nothing; 1 positions; ");
  settings.positions.amount = "/b";
  EXPECT_THAT(look(*make_bot_api(settings, http_)),
              HasSubstr("no positions: invalid the bot's positions: a row cannot be read: row 1: A "
                        "/b is missing"));
  settings.positions.amount = "/a";
  settings.health.url = own.url() + "/other";
  settings.positions.url = own.url() + "/other";
  EXPECT_EQ(look(*make_bot_api(settings, http_)),
            "down " + own.url() + "/other answered 500; no positions: unavailable " + own.url() +
                "/other answered 500; ");
  settings.health = {};
  settings.positions.url = own.url() + "/p";
  EXPECT_EQ(look(*make_bot_api(settings, http_)), "up answers; 1 positions; ");
  settings.authorization.clear();
  EXPECT_EQ(look(*make_bot_api(settings, http_)), "no health: refused " + own.url() +
                                                      "/p answered 403; no positions: refused " +
                                                      own.url() + "/p answered 403; ");
  settings.positions = {};
  EXPECT_EQ(make_bot_api(settings, http_), nullptr);
  settings.kind = BotKind::freqtrade;
  EXPECT_EQ(make_bot_api(settings, http_), nullptr);
}

}  // namespace
}  // namespace vakthund::bot
