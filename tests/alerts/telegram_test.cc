#include "alerts/telegram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "alerts/telegram_reply.h"
#include "alerts/telegram_text.h"
#include "tests/alerts/certificates.h"
#include "tests/alerts/messages.h"
#include "tests/alerts/telegram_stand_in.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Kind = Delivery::Kind;

constexpr std::int64_t kChat = -1001234567890123;

std::unique_ptr<Sink> telegram(const std::string& url,
                               const std::string& token = TelegramStandIn::kToken) {
  TelegramSettings settings;
  settings.token = token;
  settings.chat_id = kChat;
  settings.api_url = url;
  auto sink = make_telegram(settings);
  EXPECT_TRUE(sink) << sink.error().message;
  return std::move(*sink);
}

TEST(ATelegramChat, IsToldInHtml) {
  TelegramStandIn api;
  api.add_chat(kChat);
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}), Delivery::delivered());
  EXPECT_EQ(
      api.texts(kChat),
      std::vector<std::string>{"🔴 <b>DOTUSDT has no stop</b>\n"
                               "DOTUSDT LONG 1234.5 has no stop.\nThe bot says it is protected.\n\n"
                               "<i>main · I20251120-1 · 2025-11-20T01:23:00.123Z</i>"});
}

TEST(ATelegramChat, HasItsOwnNameAndToleratesSpaceAroundTheToken) {
  TelegramStandIn api;
  api.add_chat(kChat);
  const auto sink = telegram(api.url() + "/", std::string(" ") + TelegramStandIn::kToken + "\r\n");
  EXPECT_EQ(sink->name(), "telegram:-1001234567890123");
  EXPECT_EQ(sink->deliver(firing(), {}), Delivery::delivered());
}

TEST(ATelegramChat, SeesMarkupOfOthersAsText) {
  TelegramStandIn api;
  api.add_chat(kChat);
  Message message = firing();
  message.title = "<b>&amp; a < b";
  message.text = "</b><script>&\"'>";
  EXPECT_EQ(telegram(api.url())->deliver(message, {}), Delivery::delivered());
  EXPECT_THAT(api.texts(kChat).at(0), HasSubstr("<b>&lt;b&gt;&amp;amp; a &lt; b</b>\n"
                                                "&lt;/b&gt;&lt;script&gt;&amp;&quot;'&gt;"));
}

TEST(ATelegramChat, IsToldOverTls) {
  const Authority authority;
  TelegramStandIn api(authority.server_context("IP:127.0.0.1"));
  api.add_chat(kChat);
  TelegramSettings settings;
  settings.token = TelegramStandIn::kToken;
  settings.chat_id = kChat;
  settings.api_url = api.url();
  settings.ca_file = authority.file();
  EXPECT_EQ(make_telegram(settings).value()->deliver(firing(), {}), Delivery::delivered());
}

TEST(ALongText, IsCutWithAMarkAndStillAccepted) {
  TelegramStandIn api;
  api.add_chat(kChat);
  const auto sink = telegram(api.url());
  for (const std::string unit : {"x", "&", "<", "€", "🔴", "\"a"}) {
    Message message = firing();
    message.text.clear();
    while (message.text.size() < 16'000) message.text += unit;
    EXPECT_EQ(sink->deliver(message, {}), Delivery::delivered()) << unit;
    const std::string text = api.texts(kChat).back();
    EXPECT_LE(utf16_length(text), kTelegramLimit);
    EXPECT_GT(utf16_length(text), kTelegramLimit - 12);
    EXPECT_THAT(text, HasSubstr("\n… (cut)\n\n<i>main · I20251120-1"));
    EXPECT_TRUE(clean(text) == text) << unit;
  }
}

TEST(ALongText, ThatJustFitsIsNotCut) {
  Message message = firing();
  message.text = "x";
  const std::size_t rest = utf16_length(telegram_html(message)) - 1;
  message.text = std::string(kTelegramLimit - rest, 'x');
  EXPECT_EQ(utf16_length(telegram_html(message)), kTelegramLimit);
  EXPECT_THAT(telegram_html(message), Not(HasSubstr("(cut)")));
  message.text += "x";
  EXPECT_LE(utf16_length(telegram_html(message)), kTelegramLimit);
  EXPECT_THAT(telegram_html(message), HasSubstr("x\n… (cut)"));
}

TEST(AnyMessage, BecomesATextThatTelegramAccepts) {
  EXPECT_TRUE(rc::check([](const std::string& title, const std::string& text, std::string filler) {
    Message message = firing();
    message.title = title;
    message.text = text;
    message.account = filler;
    message.incident = filler + filler;
    for (int i = 0; i < 9; ++i) filler += filler;
    message.text += filler.substr(0, 20'000);
    RC_ASSERT(utf16_length(telegram_html(message)) <= kTelegramLimit);
    RC_ASSERT(utf16_length(telegram_plain(message)) <= kTelegramLimit);
    RC_ASSERT(clean(telegram_html(message)) == telegram_html(message));
  }));
}

TEST(TelegramsRefusal, OfTheMarkupIsAnsweredWithPlainText) {
  TelegramStandIn api;
  api.add_chat(kChat);
  api.fail_next(TelegramStandIn::error(400, "Bad Request: can't parse entities: at byte 7"));
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}), Delivery::delivered());
  EXPECT_THAT(api.texts(kChat).at(0), StartsWith("🔴 DOTUSDT has no stop\n"));
}

TEST(TelegramsRefusal, OfTooManyRequestsSaysHowLongToWait) {
  TelegramStandIn api;
  api.fail_next(
      TelegramStandIn::error(429, "Too Many Requests: retry after 35", {{"retry_after", 35}}));
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}),
            Delivery::retry("Telegram 429: Too Many Requests: retry after 35", 35s));
}

TEST(TelegramsRefusal, OfTheTokenSaysSoWithoutIt) {
  TelegramStandIn api;
  EXPECT_EQ(telegram(api.url(), "123456:another-token")->deliver(firing(), {}),
            Delivery::refused("Telegram 401: Unauthorized; the token is not accepted"));
}

TEST(TelegramsRefusal, OfTheChatSaysWhatToDo) {
  TelegramStandIn api;
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}),
            Delivery::refused("Telegram 400: Bad Request: chat not found; check the chat id and "
                              "that the chat knows the bot"));
  api.fail_next(TelegramStandIn::error(403, "Forbidden: bot was blocked by the user"));
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}),
            Delivery::refused("Telegram 403: Forbidden: bot was blocked by the user; the chat must "
                              "let the bot in again"));
}

TEST(AGroupThatBecameASupergroup, IsFollowedAndSaysSo) {
  TelegramStandIn api;
  api.add_chat(-100777);
  const auto migrated = [] {
    return TelegramStandIn::error(400, "Bad Request: group chat was upgraded to a supergroup chat",
                                  {{"migrate_to_chat_id", -100777}});
  };
  api.fail_next(migrated());
  const auto sink = telegram(api.url());
  const Delivery followed{
      Kind::delivered, {}, "the group's chat id is now -100777; configure that"};
  EXPECT_EQ(sink->deliver(firing(), {}), followed);
  EXPECT_EQ(sink->deliver(firing(), {}), followed);
  EXPECT_EQ(api.texts(-100777).size(), 2u);
  EXPECT_EQ(api.requests(), 3u);
}

TEST(AGroupThatIsSentFromIdToId, IsNotFollowedForEver) {
  TelegramStandIn api;
  for (const int id : {-1, -2, -3}) {
    api.fail_next(TelegramStandIn::error(400, "upgraded", {{"migrate_to_chat_id", id}}));
  }
  EXPECT_EQ(telegram(api.url())->deliver(firing(), {}).kind, Kind::refused);
  EXPECT_EQ(api.requests(), 2u);
}

TEST(TheToken, IsNeverRepeatedThoughTheOtherSideDoes) {
  TelegramStandIn api;
  const std::string path = std::string("/bot") + TelegramStandIn::kToken + "/sendMessage";
  for (const int code : {400, 401, 403, 404, 418, 500}) {
    api.fail_next(TelegramStandIn::error(code, "cannot serve " + path + path));
    const Delivery delivery = telegram(api.url())->deliver(firing(), {});
    EXPECT_THAT(delivery.why, Not(HasSubstr("secret"))) << code;
    EXPECT_THAT(delivery.why, HasSubstr("/bot***/sendMessage")) << code;
  }
}

TEST(TheToken, IsInNoErrorOfTheConnection) {
  const Delivery delivery = telegram("http://127.0.0.1:1")->deliver(firing(), {});
  EXPECT_EQ(delivery.kind, Kind::retry);
  EXPECT_THAT(delivery.why, StartsWith("127.0.0.1:1: "));
  EXPECT_THAT(delivery.why, Not(HasSubstr("secret")));
}

TEST(TheToken, MayNotCarryAnythingIntoTheRequestAndIsNotShown) {
  for (const std::string token : {"", "   ", "short", "123456:sec/../ret-token",
                                  "123456:sec ret-token", "123456:sec\r\nret-token"}) {
    TelegramSettings settings;
    settings.token = token;
    settings.chat_id = kChat;
    const auto sink = make_telegram(settings);
    ASSERT_FALSE(sink) << token;
    EXPECT_EQ(sink.error().kind, ErrorKind::invalid);
    EXPECT_THAT(sink.error().message, Not(HasSubstr("sec")));
  }
}

Delivery meaning(int status, const std::string& body) {
  return read_telegram_reply({status, std::nullopt, body}).delivery;
}

TEST(AnAnswerThatIsNotTelegrams, IsNeverTakenForSuccess) {
  for (const char* body : {"", "<html>log in to the Wi-Fi</html>", "[]", "{}", "null",
                           R"({"ok":"true"})", R"({"ok":1})", R"({"ok":true)"}) {
    EXPECT_EQ(meaning(200, body).kind, Kind::retry) << body;
    EXPECT_EQ(meaning(502, body).kind, Kind::retry) << body;
  }
  EXPECT_EQ(meaning(200, R"({"ok":false})").kind, Kind::retry);
  EXPECT_EQ(meaning(200, R"({"ok":true})"), Delivery::delivered());
}

TEST(AnAnswerOfTelegrams, IsReadThoughItsFieldsAreHostile) {
  EXPECT_EQ(meaning(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":-5}})").after,
            0s);
  EXPECT_EQ(meaning(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":1e9}})").after,
            0s);
  EXPECT_EQ(
      meaning(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":999999999}})").after,
      1h);
  EXPECT_EQ(meaning(500, R"({"ok":false,"error_code":"x","parameters":7,"description":[]})").kind,
            Kind::retry);
  const Delivery endless = meaning(
      403, R"({"ok":false,"error_code":403,"description":")" + std::string(50'000, 'x') + "\"}");
  EXPECT_LT(endless.why.size(), 400u);
}

}  // namespace
}  // namespace vakthund::alerts
