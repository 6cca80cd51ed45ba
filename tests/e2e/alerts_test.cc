#include <gmock/gmock.h>
#include <signal.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/e2e/listener.h"
#include "tests/e2e/world.h"

namespace vakthund::e2e {
namespace {

using testing::HasSubstr;

constexpr const char* kSecret = "secret-of-the-webhook";

std::string webhook_to(World& world, int port) {
  write_file(world.in("webhook-secret"), kSecret);
  return fmt::format(
      "{{ webhook: [ {{ url: \"http://127.0.0.1:{}/alerts\", secret_file: {}, min_severity: "
      "warning }} ] }}",
      port, world.in("webhook-secret"));
}

std::vector<std::string> events_of(const std::vector<Listener::Seen>& seen) {
  std::vector<std::string> events;
  for (const auto& one : seen) events.push_back(Json::parse(one.body).at("event"));
  return events;
}

bool has(const std::vector<std::string>& events, const std::string& event) {
  return std::find(events.begin(), events.end(), event) != events.end();
}

TEST(AWebhookThatIsDownAtFirst, IsToldEverythingInOrderOnceItIsThere) {
  World world;
  const int port = free_port();
  world.start_exchange();
  world.start_bot();
  world.configure({.alerts = webhook_to(world, port)});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.firing("unprotected", "DOTUSDT"); }));
  const Ended kill = world.command({"kill", "--yes"});
  ASSERT_EQ(kill.exit, 0) << kill.err;

  const Listener webhook(port);
  ASSERT_TRUE(eventually([&] { return has(events_of(webhook.seen()), "kill.finished"); }));

  const auto seen = webhook.seen();
  const auto events = events_of(seen);
  const auto at = [&](const char* event) {
    return std::find(events.begin(), events.end(), event) - events.begin();
  };
  EXPECT_LT(at("incident.firing"), at("kill.started"));
  EXPECT_LT(at("kill.started"), at("kill.finished"));
  std::set<std::string> keys;
  std::vector<std::string> times;
  for (const auto& one : seen) {
    const Json body = Json::parse(one.body);
    EXPECT_EQ(one.path, "/alerts");
    EXPECT_EQ(one.headers.at("X-Vakthund-Signature"), signature(kSecret, one.body));
    EXPECT_EQ(one.headers.at("Idempotency-Key"), body.at("id").get<std::string>());
    EXPECT_EQ(body.at("version"), "1");
    EXPECT_EQ(body.at("account"), "main");
    EXPECT_TRUE(keys.insert(body.at("id")).second) << "told twice: " << body;
    times.push_back(body.at("time"));
  }
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST(AWebhookThatIsDown, IsToldByTheNextStartOfVakthund) {
  World world;
  const int port = free_port();
  world.start_exchange();
  world.configure({.bot = "none", .alerts = webhook_to(world, port)});
  world.start_daemon();
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);
  world.end_daemon(SIGKILL);

  const Listener webhook(port);
  world.start_daemon();

  EXPECT_TRUE(eventually([&] { return has(events_of(webhook.seen()), "kill.finished"); }));
}

TEST(Telegram, IsToldOfAnIncidentAndOfTheKill) {
  World world;
  const int port = free_port();
  const Listener telegram(port, R"({"ok":true,"result":{"message_id":7}})");
  write_file(world.in("telegram-token"), "123456:AAsecret-Token_9");
  world.start_exchange();
  world.configure({.bot = "none",
                   .alerts = fmt::format("{{ telegram: {{ token_file: {}, chat_ids: [42], api_url: "
                                         "\"http://127.0.0.1:{}\" }} }}",
                                         world.in("telegram-token"), port)});
  world.start_daemon();
  ASSERT_TRUE(eventually([&] { return world.firing("unprotected", "DOTUSDT"); }));
  ASSERT_EQ(world.command({"kill", "--yes"}).exit, 0);

  const auto told = [&](const std::string& text) {
    const auto seen = telegram.seen();
    return std::any_of(seen.begin(), seen.end(), [&](const auto& one) {
      const Json body = Json::parse(one.body, nullptr, false);
      return one.path == "/bot123456:AAsecret-Token_9/sendMessage" && body.is_object() &&
             body.at("chat_id") == 42 &&
             body.at("text").template get<std::string>().find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(eventually([&] { return told("DOTUSDT"); }));
  EXPECT_TRUE(eventually([&] { return told("flat"); }));
  EXPECT_THAT(world.daemon().err(), testing::Not(HasSubstr("AAsecret-Token_9")));
}

}  // namespace
}  // namespace vakthund::e2e
