// Faults against binance.md §8 and §12.
#include "simulator/fault.h"

#include "tests/simulator/venue_world.h"

namespace vakthund::simulator {
namespace {

TEST(Glob, LetsAStarStandForAnything) {
  EXPECT_TRUE(glob_matches("*", "POST /fapi/v1/order"));
  EXPECT_TRUE(glob_matches("POST *order", "POST /fapi/v1/order"));
  EXPECT_FALSE(glob_matches("POST *order", "POST /fapi/v1/order/test"));
  EXPECT_FALSE(glob_matches("GET *", "POST /fapi/v1/order"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("", "x"));
}

// 503-A: unknown, it may have been executed.
TEST(UnknownError, MayHaveBeenExecutedOrNot) {
  for (const bool executed : {false, true}) {
    VenueWorld world;
    world.fault({.kind = "unknown_error",
                 .match = "POST /fapi/v1/order",
                 .count = 1,
                 .executed = executed});
    const Reply reply = world.sell();
    EXPECT_EQ(reply.status, 503);
    EXPECT_NE(reply.body.find("Unknown error, please check your request"), std::string::npos);
    EXPECT_EQ(world.held(), executed ? -1_d : 0_d);
    EXPECT_EQ(world.sell().status, 200);
  }
}

TEST(DroppedReply, MayHaveBeenExecutedOrNot) {
  for (const bool executed : {false, true}) {
    VenueWorld world;
    world.fault({.kind = "drop", .match = "POST *", .executed = executed});
    EXPECT_TRUE(world.sell().dropped);
    EXPECT_EQ(world.held(), executed ? -1_d : 0_d);
    EXPECT_FALSE(world.call("GET", "/fapi/v3/balance").dropped);
  }
}

TEST(Unavailable, IsNeverExecuted) {
  VenueWorld world;
  world.fault({.kind = "unavailable"});
  const Reply reply = world.sell();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "Service Unavailable.");
  EXPECT_EQ(world.held(), 0_d);
}

// §8: -1008 exempts reduce-only and closing orders, and cancels.
TEST(Throttled, ExemptsWhatReduces) {
  VenueWorld world;
  world.venue.exchange().set_position(*world.account, "BNBUSDT", PositionSide::both, 3_d, 890_d,
                                      kNow);
  world.fault({.kind = "throttled"});
  const Reply refused = world.sell();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(code_of(refused), -1008);
  EXPECT_EQ(world.sell("&reduceOnly=true").status, 200);
  EXPECT_EQ(world.call("DELETE", "/fapi/v1/allOpenOrders", "symbol=BNBUSDT").status, 200);
  EXPECT_EQ(world.call("GET", "/fapi/v3/positionRisk").status, 200);
  EXPECT_EQ(world.held(), 2_d);
}

TEST(Refusals, CarryTheirStatusAndCode) {
  struct Case {
    Fault fault;
    int status, code;
  };
  for (const Case& c :
       {Case{{.kind = "timeout"}, 408, -1007}, Case{{.kind = "order_limit"}, 429, -1015},
        Case{{.kind = "rate_limited", .retry_after_s = 7}, 429, -1003},
        Case{{.kind = "error", .code = -4131, .http = 400}, 400, -4131},
        Case{{.kind = "html", .http = 502}, 502, 0}, Case{{.kind = "banned"}, 418, -1003}}) {
    VenueWorld world;
    world.fault(c.fault);
    const Reply reply = world.sell();
    EXPECT_EQ(reply.status, c.status) << c.fault.kind;
    EXPECT_EQ(code_of(reply), c.code) << c.fault.kind;
    EXPECT_EQ(world.held(), 0_d) << c.fault.kind;
    if (c.status == 418) EXPECT_EQ(header_of(reply, "Retry-After"), "120");
    world.venue.clear_faults("");
    EXPECT_EQ(world.sell().status, 200) << c.fault.kind;
  }
}

TEST(Fault, EndsByCountAndByTime) {
  VenueWorld world;
  world.fault({.kind = "error", .count = 2});
  EXPECT_EQ(world.sell().status, 500);
  EXPECT_EQ(world.sell().status, 500);
  EXPECT_EQ(world.sell().status, 200);
  world.fault({.kind = "error", .until = kNow + std::chrono::seconds(5)});
  EXPECT_EQ(world.sell().status, 500);
  world.now += std::chrono::seconds(5);
  EXPECT_EQ(world.sell().status, 200);
}

TEST(Fault, OfHalfProbabilityHitsSomeRequests) {
  VenueWorld world;
  world.fault({.kind = "error", .match = "GET /fapi/v1/ping", .probability = 0.5_d});
  int failed = 0;
  for (int i = 0; i < 200; ++i) failed += world.open_call("/fapi/v1/ping").status != 200;
  EXPECT_GT(failed, 50);
  EXPECT_LT(failed, 150);
}

TEST(Fault, OfAnUnknownKindIsRefused) {
  VenueWorld world;
  EXPECT_NE(world.venue.add_fault({.kind = "gremlins"}, kNow), "");
  EXPECT_NE(world.venue.add_fault({.kind = "garble", .style = "softly"}, kNow), "");
}

TEST(Latency, DelaysTheReply) {
  VenueWorld world;
  world.fault({.kind = "latency", .ms = 250});
  EXPECT_EQ(world.sell().delay_ms, 250);
}

// §12 read lag: stale positionRisk, -2013 just after a POST.
TEST(ReadLag, ShowsPositionsAsTheyWere) {
  VenueWorld world;
  ASSERT_EQ(world.sell().status, 200);
  world.fault({.kind = "read_lag", .until = kNow + std::chrono::seconds(1)});
  ASSERT_EQ(world
                .call("POST", "/fapi/v1/order",
                      "symbol=BNBUSDT&side=BUY&type=MARKET&quantity=1&reduceOnly=true")
                .status,
            200);
  const auto stale = nlohmann::json::parse(world.call("GET", "/fapi/v3/positionRisk").body);
  ASSERT_EQ(stale.size(), 1u);
  EXPECT_EQ(stale[0]["positionAmt"], "-1.00");
  world.now += std::chrono::seconds(1);
  EXPECT_EQ(world.call("GET", "/fapi/v3/positionRisk").body, "[]");
}

TEST(OrderLag, HidesAYoungOrder) {
  VenueWorld world;
  world.fault({.kind = "order_lag", .ms = 500});
  ASSERT_EQ(world.sell("&newClientOrderId=young").status, 200);
  const std::string query = "symbol=BNBUSDT&origClientOrderId=young";
  EXPECT_EQ(code_of(world.call("GET", "/fapi/v1/order", query)), -2013);
  world.now += std::chrono::milliseconds(500);
  EXPECT_EQ(world.call("GET", "/fapi/v1/order", query).status, 200);
}

TEST(Garble, DamagesRepliesInTheStyleAsked) {
  VenueWorld world;
  ASSERT_EQ(world.sell().status, 200);
  const std::string whole = world.call("GET", "/fapi/v3/positionRisk").body;
  for (const std::string style : {"nulls", "types", "missing", "truncated"}) {
    world.venue.clear_faults("");
    world.fault({.kind = "garble", .style = style});
    EXPECT_NE(world.call("GET", "/fapi/v3/positionRisk").body, whole) << style;
  }
  world.venue.clear_faults("");
  world.fault({.kind = "garble", .style = "enums"});
  const auto rows = nlohmann::json::parse(world.call("GET", "/fapi/v3/positionRisk").body);
  EXPECT_EQ(rows[0]["positionSide"], "SOMETHING_NEW");
}

TEST(CannedReply, IsGivenAsItIs) {
  VenueWorld world;
  ASSERT_EQ(world.sell().status, 200);
  world.fault({.kind = "reply", .match = "GET *positionRisk", .http = 200, .message = "[]"});
  EXPECT_EQ(world.call("GET", "/fapi/v3/positionRisk").body, "[]");
}

}  // namespace
}  // namespace vakthund::simulator
