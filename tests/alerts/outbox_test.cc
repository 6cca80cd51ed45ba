#include "alerts/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/webhook.h"
#include "tests/alerts/local_server.h"
#include "tests/alerts/outbox_fixture.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Lines = std::vector<std::string>;

Delivery down(const Message&, std::stop_token) { return Delivery::retry("HTTP 503"); }

TEST_F(TheOutbox, DeliversToEverySinkInOrderAndRemembersIt) {
  add_sink("a");
  add_sink("b");
  start();
  for (const char* key : {"1", "2", "3"}) raise(key);
  ASSERT_TRUE(events.wait_for("a delivered", 3));
  ASSERT_TRUE(events.wait_for("b delivered", 3));
  EXPECT_EQ(events.of("a "), (Lines{"a delivered 1#1", "a delivered 2#1", "a delivered 3#1"}));
  EXPECT_EQ(store.owed_count("a"), 0u);
  EXPECT_EQ(store.last_attempt("2", "b"),
            (Attempt{"2", "b", Attempt::Outcome::delivered, 1, clock.now().wall, {}, ""}));
  EXPECT_THAT(store.retired_except(), ElementsAre("a", "b"));
}

TEST_F(TheOutbox, TellsEachSinkFromItsSeverityOnAndEveryKill) {
  add_sink("all");
  add_sink("bad", {}, model::Severity::critical);
  start();
  Message mild = firing("mild");
  mild.severity = model::Severity::warning;
  outbox->raise(mild);
  outbox->raise(kill_finished());  // of severity info
  raise("critical");
  ASSERT_TRUE(events.wait_for("all delivered", 3));
  ASSERT_TRUE(events.wait_for("bad delivered", 2));
  EXPECT_EQ(events.of("bad "), (Lines{"bad delivered K-2#1", "bad delivered critical#1"}));
}

TEST_F(TheOutbox, GivesAKeyToWhatHasNoneAndMakesOthersFitForAHeader) {
  start();
  const std::string one = outbox->raise(firing(""));
  const std::string two = outbox->raise(firing(""));
  EXPECT_EQ(one.size(), 32u);
  EXPECT_NE(one, two);
  EXPECT_EQ(outbox->raise(firing("a b\r\nX: y\xff")), "a_b__X:_y_");
}

TEST_F(TheOutbox, TriesAgainWithGrowingPausesUntilTheSinkTakesIt) {
  int calls = 0;
  add_sink("a", [&](const Message&, std::stop_token) {
    return ++calls < 5 ? Delivery::retry("HTTP 503") : Delivery::delivered();
  });
  start();
  raise("1");
  model::Duration pause = 1s;
  for (int attempt = 1; attempt < 5; ++attempt, pause *= 2) {
    ASSERT_TRUE(events.wait_for("a retry", attempt));
    EXPECT_EQ(
        store.last_attempt("1", "a"),
        (Attempt{"1", "a", Attempt::Outcome::waiting, attempt, clock.now().wall,
                 clock.now().wall + std::chrono::duration_cast<std::chrono::milliseconds>(pause),
                 "HTTP 503"}));
    advance(pause - 1ms);
    EXPECT_EQ(events.of("a ").size(), std::size_t(attempt));
    advance(1ms);
  }
  ASSERT_TRUE(events.wait_for("a delivered 1#5"));
}

TEST_F(TheOutbox, HeedsHowLongTheSinkWantsToBeLeftAlone) {
  int calls = 0;
  add_sink("a", [&](const Message&, std::stop_token) {
    return ++calls == 1 ? Delivery::retry("HTTP 429", 90s) : Delivery::delivered();
  });
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a retry"));
  raise("2");
  advance(89s);
  EXPECT_EQ(events.of("a delivered").size(), 0u);
  advance(1s);
  ASSERT_TRUE(events.wait_for("a delivered", 2));
}

TEST_F(TheOutbox, LetsNoDeadSinkDelayAnother) {
  add_sink("dead", [](const Message&, std::stop_token stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait(lock, stop, [] { return false; });
    return Delivery::retry("stopped");
  });
  add_sink("alive");
  start();
  for (int i = 0; i < 50; ++i) raise(std::to_string(i));
  ASSERT_TRUE(events.wait_for("alive delivered", 50));
  outbox->stop();  // and ends though the dead one still holds on to its message
  EXPECT_EQ(store.owed_count("dead"), 50u);
  EXPECT_EQ(events.of("dead ").size(), 0u);
}

TEST_F(TheOutbox, KeepsTheOrderWhileASinkIsDown) {
  bool up = false;
  add_sink("a", [&](const Message&, std::stop_token) {
    return up ? Delivery::delivered() : Delivery::retry("HTTP 503");
  });
  start();
  for (const char* key : {"1", "2", "3"}) raise(key);
  ASSERT_TRUE(events.wait_for("a retry", 1));
  advance(1s);
  ASSERT_TRUE(events.wait_for("a retry", 2));
  EXPECT_EQ(events.of("a "), (Lines{"a retry 1#1", "a retry 1#2"}));
  up = true;
  advance(5min);
  ASSERT_TRUE(events.wait_for("a delivered", 3));
  EXPECT_EQ(events.of("a delivered"),
            (Lines{"a delivered 1#3", "a delivered 2#1", "a delivered 3#1"}));
}

TEST_F(TheOutbox, GivesUpAMessageThatFailsWhileOthersPass) {
  options.max_passed_by = 2;
  add_sink("a", [](const Message& message, std::stop_token) {
    return message.key == "poison" ? Delivery::retry("HTTP 500") : Delivery::delivered();
  });
  start();
  raise("poison");
  for (const char* key : {"1", "2", "3"}) raise(key);
  for (int attempt = 1; attempt <= 5; ++attempt) {
    ASSERT_TRUE(events.wait_for("a ", attempt));
    advance(5min);
  }
  ASSERT_TRUE(events.wait_for("a delivered", 3)) << testing::PrintToString(events.of(""));
  EXPECT_EQ(events.of("a dead").size(), 1u);
  EXPECT_THAT(store.last_attempt("poison", "a").error, HasSubstr("2 later ones were taken"));
  EXPECT_EQ(store.owed_count("a"), 0u);
}

TEST_F(TheOutbox, GivesUpAtOnceWhatWillNeverBeTaken) {
  add_sink("a", [](const Message& message, std::stop_token) {
    return message.key == "large" ? Delivery::rejected("HTTP 413") : Delivery::delivered();
  });
  start();
  raise("large");
  raise("2");
  ASSERT_TRUE(events.wait_for("a delivered"));
  EXPECT_EQ(events.of("a "), (Lines{"a dead large#1", "a delivered 2#1"}));
  EXPECT_EQ(store.last_attempt("large", "a").outcome, Attempt::Outcome::dead);
}

TEST_F(TheOutbox, GivesUpWhatIsRefusedTimeAndAgain) {
  options.max_refusals = 3;
  add_sink("a", [](const Message&, std::stop_token) { return Delivery::refused("HTTP 401"); });
  start();
  raise("1");
  for (int attempt = 1; attempt < 3; ++attempt) {
    ASSERT_TRUE(events.wait_for("a retry", attempt));
    advance(5min);
  }
  ASSERT_TRUE(events.wait_for("a dead 1#3"));
  EXPECT_EQ(store.last_attempt("1", "a").error, "HTTP 401 (given up after 3 attempts)");
}

TEST_F(TheOutbox, GivesUpWhatIsTooOldToMatter) {
  add_sink("a", down);
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a retry"));
  advance(options.max_age + 1h);
  ASSERT_TRUE(events.wait_for("a dead 1#2"));
}

TEST_F(TheOutbox, DeliversAfterARestartWhatWasStillOwedAndOnlyThat) {
  bool up = true;
  const auto answer = [&](const Message&, std::stop_token) {
    return up ? Delivery::delivered() : Delivery::retry("HTTP 503");
  };
  add_sink("a", answer);
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a delivered 1"));
  outbox->stop();
  up = false;
  raise("2");  // remembered, though nobody sends any more
  outbox.reset();

  add_sink("a", answer);
  start();
  ASSERT_TRUE(events.wait_for("a retry 2#1"));
  raise("3");
  outbox.reset();  // as a kill would: without waiting for anything

  up = true;
  Lines bodies;
  add_sink("a", [&](const Message& message, std::stop_token) {
    bodies.push_back(to_webhook_body(message));
    return Delivery::delivered();
  });
  start();
  ASSERT_TRUE(events.wait_for("a delivered", 3));
  outbox->stop();
  EXPECT_EQ(events.of("a delivered"),
            (Lines{"a delivered 1#1", "a delivered 2#2", "a delivered 3#1"}));
  EXPECT_EQ(bodies, (Lines{to_webhook_body(firing("2")), to_webhook_body(firing("3"))}));
}

TEST_F(TheOutbox, SendsTheSameKeyAndBytesBeforeAndAfterARestart) {
  int calls = 0;
  const LocalServer server(
      [&](const SeenRequest&) { return CannedReply{++calls < 2 ? 500 : 200, "", {}}; });
  WebhookSettings settings;
  settings.url = server.url();
  settings.secret = "s3cret";
  settings.name = "hook";
  Message hostile = firing("");
  hostile.text = "bad \xff bytes and \a bell";
  sinks.push_back(make_webhook(settings).value());
  start();
  const std::string key = outbox->raise(hostile);
  ASSERT_TRUE(events.wait_for("hook retry"));
  outbox.reset();
  sinks.push_back(make_webhook(settings).value());
  start();
  ASSERT_TRUE(events.wait_for("hook delivered"));
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].key, key);
  EXPECT_EQ(seen[1].key, key);
  EXPECT_EQ(seen[0].body, seen[1].body);
  EXPECT_EQ(seen[0].signature, seen[1].signature);
}

TEST_F(TheOutbox, SaysHowItsSinksAre) {
  add_sink("a", down);
  add_sink("b");
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a retry"));
  ASSERT_TRUE(events.wait_for("b delivered"));
  EXPECT_THAT(outbox->status(), ElementsAre(Outbox::SinkStatus{"a", 1, 1, "HTTP 503"},
                                            Outbox::SinkStatus{"b", 0, 0, ""}));
}

TEST_F(TheOutbox, LeavesOutASecondSinkOfTheSameName) {
  add_sink("a");
  add_sink("a");
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a delivered"));
  EXPECT_EQ(outbox->status().size(), 1u);
}

}  // namespace
}  // namespace vakthund::alerts
