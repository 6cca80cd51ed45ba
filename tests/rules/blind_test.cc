#include "rules/blind.h"

#include <gtest/gtest.h>

#include "tests/rules/worlds.h"

namespace vakthund::rules {
namespace {

using namespace test;

model::Verdict judge(const World& world) { return blind(world.snapshot(), {}); }
std::string judged(const World& world) { return text(judge(world)); }

World seeing() {
  World world;
  world.position(2_d, 900_d).mark(901_d);
  world.edit().exchange.weight_limit = 2400;
  world.edit().exchange.weight_budget = 240;
  world.edit().exchange.clock_offset = 12ms;
  return world;
}
World with_weight(int ours, int others) {
  World world = seeing();
  world.edit().exchange.weight_used = ours + others;
  world.edit().exchange.weight_ours = ours;
  world.edit().exchange.weight_others = others;
  return world;
}
World with_offset(std::optional<std::chrono::milliseconds> offset) {
  World world = seeing();
  world.edit().exchange.clock_offset = offset;
  return world;
}

TEST(Blind, IsClearWhileAllIsSeen) { EXPECT_EQ(judged(seeing()), "clear"); }

TEST(Blind, FindsEachFeedThatIsOldOrWasNeverRead) {
  for (const Feed feed : {Feed::positions, Feed::algo_orders, Feed::regular_orders, Feed::account,
                          Feed::private_stream, Feed::market_stream, Feed::exchange}) {
    const std::string name(to_string(feed));
    EXPECT_EQ(judged(seeing().stale(feed, "HTTP 503")),
              "breach: Vakthund does not see well: " + name +
                  ": stale, last good answer 18s ago (HTTP 503).");
    EXPECT_EQ(lines(judge(seeing().stale(feed, "HTTP 503")).finding.evidence),
              name + "=stale, last good answer 18s ago (HTTP 503)\n");
    EXPECT_EQ(judged(seeing().unknown(feed)),
              "breach: Vakthund does not see well: " + name + ": unknown.");
    EXPECT_EQ(judged(seeing().stale(feed).unused(feed)), "clear") << name;
  }
}

TEST(Blind, GivesAStartedProcessFifteenSecondsToBeToldAndNoneWhereSomethingFailed) {
  const auto started = [](model::Duration ago) {
    World world = seeing();
    world.edit().feed(Feed::market_stream) = {};
    world.edit().feed(Feed::market_stream).used = true;
    world.edit().began = kNow.mono - ago;
    return world;
  };
  EXPECT_EQ(judged(started(15s - 1ns)), "clear");
  EXPECT_NE(judged(started(15s)), "clear");
  World failed = started(1s);
  failed.edit().feed(Feed::market_stream).trouble = "connection refused";
  EXPECT_NE(judged(failed), "clear");
  World down = started(1s);
  down.edit().feed(Feed::market_stream).down = true;
  EXPECT_NE(judged(down), "clear");
  World old = started(1s);
  old.edit().feed(Feed::market_stream).as_of = kNow.mono - 1min;
  old.edit().feed(Feed::market_stream).max_age = 15s;
  EXPECT_NE(judged(old), "clear");
}

TEST(Blind, LeavesTheBotsFeedsToOtherRules) {
  for (const Feed feed : {Feed::bot_health, Feed::bot_positions, Feed::journal, Feed::container,
                          Feed::container_log, Feed::income, Feed::trades, Feed::readiness}) {
    EXPECT_EQ(judged(seeing().stale(feed)), "clear") << to_string(feed);
  }
}

TEST(Blind, NeedsTheMarkPriceOfWhatIsOpenOnly) {
  EXPECT_EQ(judged(seeing().mark(901_d, 15s)), "clear");
  EXPECT_EQ(judged(seeing().mark(901_d, 16s)),
            "breach: Vakthund does not see well: mark prices: BNBUSDT 16s old.");
  EXPECT_EQ(judged(seeing().no_mark()),
            "breach: Vakthund does not see well: mark prices: BNBUSDT unknown.");
  World flat = seeing();
  flat.edit_book().positions.clear();
  EXPECT_EQ(judged(flat.no_mark()), "clear");
  EXPECT_EQ(judged(seeing().no_mark().unused(Feed::mark_prices)), "clear");
}

TEST(Blind, NamesAFewSymbolsWithoutAPrice) {
  World world = seeing();
  world.edit().symbols.clear();
  for (int i = 0; i < 8; ++i) {
    const std::string name = "COIN" + std::to_string(i);
    model::SymbolBook& book = world.edit().symbols[name];
    book.positions.push_back(a_position(name, 1_d, 1_d));
  }
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "mark_prices=COIN0 unknown, COIN1 unknown, COIN2 unknown, COIN3 unknown, COIN4 unknown "
            "and 3 more\n");
  for (int i = 5; i < 8; ++i) world.edit().symbols.erase("COIN" + std::to_string(i));
  EXPECT_EQ(lines(judge(world).finding.evidence),
            "mark_prices=COIN0 unknown, COIN1 unknown, COIN2 unknown, COIN3 unknown, COIN4 "
            "unknown\n");
}

TEST(Blind, FindsAClockThatIsOffBeyondTheLimitAndNotAtItEitherWay) {
  EXPECT_EQ(judged(with_offset(1000ms)), "clear");
  EXPECT_EQ(judged(with_offset(-1000ms)), "clear");
  EXPECT_EQ(judged(with_offset(std::nullopt)), "clear");
  EXPECT_EQ(judged(with_offset(1001ms)),
            "breach: Vakthund does not see well: our clock is 1s behind the exchange's, the limit "
            "is 1s.");
  EXPECT_EQ(judged(with_offset(-2500ms)),
            "breach: Vakthund does not see well: our clock is 2s ahead of the exchange's, the "
            "limit is 1s.");
  EXPECT_EQ(lines(judge(with_offset(-2500ms)).finding.evidence), "clock_offset=-2s\n");
  for (const auto far : {std::chrono::milliseconds::min(), std::chrono::milliseconds::max()}) {
    EXPECT_NE(judged(with_offset(far)), "clear");
  }
}

TEST(Blind, WarnsOfTheWeightBeyondTheLimitNotAtItAndSaysWhoBurnsIt) {
  EXPECT_EQ(judged(with_weight(240, 1679)), "clear");
  EXPECT_EQ(judged(with_weight(240, 1680)), "clear");
  EXPECT_EQ(
      judged(with_weight(240, 1681)),
      "breach: Vakthund does not see well: 1921 of 2400 request weight was used within a minute "
      "(80.04 %, the limit is 80.00 %), most of it by the bot and whoever shares the "
      "address: 240 ours, 1681 the others'.");
  EXPECT_EQ(
      judged(with_weight(1921, 0)),
      "breach: Vakthund does not see well: 1921 of 2400 request weight was used within a minute "
      "(80.04 %, the limit is 80.00 %), most of it by Vakthund itself: 1921 ours, 0 the "
      "others'.");
  EXPECT_EQ(lines(judge(with_weight(240, 1681)).finding.evidence),
            "weight_used=1921\nweight_limit=2400\nweight_ours=240\nweight_others=1681\n"
            "weight_budget=240\n");
  EXPECT_NE(judged(with_weight(1200, 1200)).find("most of it by Vakthund itself"),
            std::string::npos);
  World unknown = with_weight(240, 5000);
  unknown.edit().exchange.weight_limit = 0;
  EXPECT_EQ(judged(unknown), "clear");
}

TEST(Blind, RemembersAMinuteThatWasNearlyTooMuch) {
  World world = with_weight(40, 10);
  world.edit().busiest_minute = world.edit().exchange;
  world.edit().busiest_minute.weight_used = 1920;
  EXPECT_EQ(judged(world), "clear");
  world.edit().busiest_minute.weight_used = 1921;
  EXPECT_EQ(judged(world).substr(0, 7), "breach:");
}

TEST(Blind, ListsEveryTroubleTheWorstFirst) {
  World world = with_weight(2000, 399);
  world.edit().exchange.clock_offset = -1h;
  world.edit().exchange.refused = "banned until 2025-11-20T01:40:00.000Z";
  world.edit().exchange.trouble = "-2015: invalid API key, IP or permissions";
  world.no_mark().stale(Feed::account).stale(Feed::algo_orders).stale(Feed::positions);
  world.unknown(Feed::market_stream).stale(Feed::private_stream).unknown(Feed::regular_orders);
  const auto finding = judge(world).finding;
  EXPECT_EQ(lines(finding.evidence),
            "refused=banned until 2025-11-20T01:40:00.000Z\n"
            "trouble=-2015: invalid API key, IP or permissions\n"
            "positions=stale, last good answer 18s ago\n"
            "algo_orders=stale, last good answer 18s ago\n"
            "regular_orders=unknown\n"
            "private_stream=stale, last good answer 18s ago\n"
            "mark_prices=BNBUSDT unknown\n"
            "market_stream=unknown\n"
            "account=stale, last good answer 18s ago\n"
            "clock_offset=-1h\n"
            "weight_used=2399\nweight_limit=2400\nweight_ours=2000\nweight_others=399\n"
            "weight_budget=240\n");
  EXPECT_EQ(
      finding.message,
      "Vakthund does not see well: the exchange refuses us: banned until "
      "2025-11-20T01:40:00.000Z; only a person can mend it: -2015: invalid API key, IP or "
      "permissions; positions: stale, last good answer 18s ago; algo_orders: stale, last "
      "good answer 18s ago; regular_orders: unknown; private_stream: stale, last good answer "
      "18s ago; mark prices: BNBUSDT unknown; market_stream: unknown; account: stale, last "
      "good answer 18s ago; our clock is 1h ahead of the exchange's, the limit is 1s; 2399 "
      "of 2400 request weight was used within a minute (99.96 %, the limit is 80.00 %), most of "
      "it by Vakthund itself: 2000 ours, 399 the others'.");
}

TEST(Blind, DoesNotRestOnWhatTheExchangeGrantedLongAgo) {
  World world = with_weight(2000, 399);
  world.edit().exchange.refused = "banned";
  world.edit().exchange.trouble = "wrong key";
  world.edit().exchange.clock_offset = -1h;
  EXPECT_EQ(judged(world.unused(Feed::exchange)), "clear");
  world.edit().feed(Feed::exchange).used = true;
  EXPECT_EQ(judged(world.stale(Feed::exchange)),
            "breach: Vakthund does not see well: exchange: stale, last good answer 18s ago.");
  EXPECT_EQ(judged(world.unused(Feed::exchange)), "clear");
}

TEST(Blind, ComesBackToClear) {
  World world = seeing();
  EXPECT_NE(judged(world.stale(Feed::positions)), "clear");
  world.edit().feed(Feed::positions).as_of = kNow.mono;
  EXPECT_EQ(judged(world), "clear");
}

}  // namespace
}  // namespace vakthund::rules
