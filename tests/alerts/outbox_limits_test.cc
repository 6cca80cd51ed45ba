// The outbox when its store is slow, silent or refusing, and when there is more than memory holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "tests/alerts/outbox_fixture.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using Mode = MemoryStore::Mode;

TEST_F(TheOutbox, WaitsForTheStoreBeforeItSends) {
  add_sink("a");
  start();
  raise("0");
  ASSERT_TRUE(events.wait_for("a delivered 0"));
  store.set_mode(Mode::silent);
  raise("1");
  advance(options.store_patience - 1ms);
  EXPECT_EQ(events.of("a delivered 1").size(), 0u);
  store.set_mode(Mode::works);
  ASSERT_TRUE(events.wait_for("a delivered 1"));
}

TEST_F(TheOutbox, SendsWithoutTheStoreWhenItStaysSilentAndNotTwiceOnceItSpeaks) {
  add_sink("a");
  start();
  raise("0");
  ASSERT_TRUE(events.wait_for("a delivered 0"));
  store.set_mode(Mode::silent);
  raise("1");
  advance(options.store_patience);
  ASSERT_TRUE(events.wait_for("a delivered 1"));
  store.set_mode(Mode::works);
  raise("2");
  ASSERT_TRUE(events.wait_for("a delivered 2"));
  EXPECT_EQ(events.of("a ").size(), 3u);
  EXPECT_EQ(store.owed_count("a"), 0u);
}

TEST_F(TheOutbox, SendsFromMemoryWhatTheStoreRefuses) {
  store.set_mode(Mode::refuses);
  add_sink("a");
  start();
  raise("1");
  ASSERT_TRUE(events.wait_for("a delivered 1"));
}

TEST_F(TheOutbox, AsksASilentStoreAgainForWhatIsOwedFromBefore) {
  store.put("old", to_webhook_body(firing("old")), "a");
  store.set_mode(Mode::refuses);
  add_sink("a");
  start();
  raise("new");
  ASSERT_TRUE(events.wait_for("a delivered new"));
  store.set_mode(Mode::works);
  advance(5s);
  ASSERT_TRUE(events.wait_for("a delivered old"));
}

TEST_F(TheOutbox, LoadsWhatMemoryDoesNotHoldPageByPageAndInOrder) {
  options.max_in_memory = 3;
  options.page = 2;
  bool up = false;
  add_sink("a", [&](const Message&, std::stop_token) {
    return up ? Delivery::delivered() : Delivery::retry("HTTP 503");
  });
  start();
  Lines expected;
  for (int i = 0; i < 100; ++i) {
    raise(std::to_string(i));
    if (i == 0) ASSERT_TRUE(events.wait_for("a retry"));
    expected.push_back("a delivered " + std::to_string(i) + (i == 0 ? "#2" : "#1"));
  }
  EXPECT_LE(outbox->status().at(0).waiting, 3u);
  up = true;
  advance(5min);
  ASSERT_TRUE(events.wait_for("a delivered", 100));
  EXPECT_EQ(events.of("a delivered"), expected);
  EXPECT_EQ(store.owed_count("a"), 0u);
}

TEST_F(TheOutbox, SaysWhatIsLostWhenNeitherMemoryNorStoreHasRoom) {
  options.max_in_memory = 2;
  add_sink("a", [](const Message&, std::stop_token) { return Delivery::retry("HTTP 503"); });
  start();
  raise("0");
  ASSERT_TRUE(events.wait_for("a retry 0"));
  store.set_mode(Mode::refuses);
  for (const char* key : {"1", "2", "3"}) raise(key);
  EXPECT_EQ(events.of("a lost"), (Lines{"a lost 2#0", "a lost 3#0"}));
}

TEST_F(TheOutbox, SaysWhatIsLostWhenTheStoreIsSilentForTooMany) {
  options.max_in_memory = 2;
  add_sink("a");
  start();
  raise("0");
  ASSERT_TRUE(events.wait_for("a delivered 0"));
  store.set_mode(Mode::silent);
  for (const char* key : {"1", "2", "3"}) raise(key);
  EXPECT_EQ(events.of("a lost"), Lines{"a lost 3#0"});
  store.set_mode(Mode::works);  // and yet it was remembered in the end
  ASSERT_TRUE(events.wait_for("a delivered", 4));
}

TEST_F(TheOutbox, GivesUpAStoredAlertThatCannotBeRead) {
  store.put("broken", "{", "a");
  store.put("whole", to_webhook_body(firing("whole")), "a");
  add_sink("a");
  start();
  ASSERT_TRUE(events.wait_for("a delivered whole"));
  EXPECT_EQ(store.last_attempt("broken", "a").outcome, Attempt::Outcome::dead);
  EXPECT_EQ(store.owed_count("a"), 0u);
}

TEST_F(TheOutbox, SurvivesAStoreThatSpeaksAfterItsEnd) {
  store.set_mode(Mode::silent);
  add_sink("a");
  start();
  raise("1");
  outbox.reset();
  store.set_mode(Mode::works);
  EXPECT_EQ(store.owed_count("a"), 1u);
}

// At least once, whatever order sinks, store and restarts fail in; `seed` repeats a failure.
class AnyWeather : public TheOutbox, public testing::WithParamInterface<unsigned> {};

TEST_P(AnyWeather, DeliversEveryAlertAtLeastOnce) {
  std::mt19937 random(GetParam());
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  options.max_in_memory = 4;
  options.page = 3;
  options.max_passed_by = 1'000'000;
  std::mutex mutex;
  std::mt19937 sink_random(GetParam() + 1);
  bool calm = false;
  std::map<std::string, int> taken;
  const auto answer = [&](const Message& message, std::stop_token) {
    const std::lock_guard lock(mutex);
    if (!calm && sink_random() % 3 == 0) return Delivery::retry("HTTP 503");
    ++taken[message.key];
    return Delivery::delivered();
  };
  add_sink("a", answer);
  start();
  for (int i = 0; i < 200; ++i) {
    raise(std::to_string(i));
    if (one_in(5)) store.set_mode(one_in(2) ? Mode::silent : Mode::works);
    if (one_in(3)) advance(std::chrono::seconds(random() % 10));
    if (one_in(30)) {
      outbox.reset();
      add_sink("a", answer);
      start();
    }
  }
  {
    const std::lock_guard lock(mutex);
    calm = true;
  }
  store.set_mode(Mode::works);
  const auto all_taken = [&] {
    const std::lock_guard lock(mutex);
    return taken.size() == 200;
  };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!all_taken() && std::chrono::steady_clock::now() < deadline) {
    advance(1min);
    std::this_thread::yield();
  }
  outbox->stop();
  EXPECT_EQ(taken.size(), 200u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyWeather, testing::Range(0u, 30u));

}  // namespace
}  // namespace vakthund::alerts
