// Those who act by themselves: the exchange that liquidates, a neighbour, a bot that re-enters or
// runs away, a person. Steps are given as a scenario writes them.
#include "simulator/actors.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulator/scenario.h"
#include "tests/simulator/venue_world.h"

namespace vakthund::simulator {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct ActorWorld : VenueWorld {
  ActorWorld() {
    account->listen_key = "listen";
    account->listen_until = kNow + std::chrono::hours(1);
  }
  void step(const std::string& text) {
    const auto action = read_step(text);
    ASSERT_TRUE(action) << text << ": " << action.error().message;
    const auto done = (*action)(stage, now);
    EXPECT_TRUE(done) << text << ": " << done.error().message;
  }
  int refused(const std::string& text) {
    const auto done = (*read_step(text))(stage, now);
    return done ? 0 : done.error().code;
  }
  void pass(milliseconds time, int rounds = 1) {
    for (int i = 0; i < rounds; ++i) venue.advance(now += time / rounds);
  }
  std::vector<json> events(const std::string& type) {
    for (UserEvent& event : venue.exchange().take_events()) all.push_back(std::move(event));
    std::vector<json> found;
    for (const UserEvent& event : all) {
      if (event.type == type) found.push_back(json::parse(event.text));
    }
    return found;
  }
  std::string order_ids() const {
    std::string text;
    for (const auto& [id, order] : account->orders) text += order.client_id + " ";
    return text;
  }
  Stage stage{venue, "main", {}};
  std::vector<UserEvent> all;
};

// 100 of margin balance against 2 BNB short from 900, 0.4 % maintenance:
// liquidated where 100 + 2 x (900 - p) = 2 x p x 0.004.
TEST(Liquidation, HappensWhenTheMarkReachesThePriceThatIsTold) {
  ActorWorld world;
  world.account->wallet = 100_d;
  world.venue.exchange().set_position(*world.account, "BNBUSDT", PositionSide::both, -2_d, 900_d,
                                      kNow);
  const json row = json::parse(world.call("GET", "/fapi/v3/positionRisk").body).at(0);
  const Decimal price = *Decimal::parse(row["liquidationPrice"].get<std::string>());
  EXPECT_EQ(price.to_fixed(4), "946.2151");
  world.step("price: { BNBUSDT: 1000 }");
  EXPECT_EQ(world.held(), -2_d) << "only where a scenario asks for it";
  world.venue.exchange().settings().liquidates = true;
  world.step("price: { BNBUSDT: 946.21 }");
  EXPECT_EQ(world.held(), -2_d);
  world.step("price: { BNBUSDT: 946.22 }");
  EXPECT_EQ(world.held(), 0_d);
  const auto orders = world.events("ORDER_TRADE_UPDATE");
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0]["o"]["x"], "CALCULATED");
  EXPECT_EQ(orders[0]["o"]["X"], "FILLED");
  EXPECT_TRUE(orders[0]["o"]["c"].get<std::string>().starts_with("autoclose-"));
  EXPECT_TRUE(world.events("TRADE_LITE").empty()) << "only trades are told there";
}

TEST(Liquidation, OfALongComesFromAboveAndOfAnIsolatedOneFromItsOwnWallet) {
  ActorWorld world;
  world.venue.exchange().settings().liquidates = true;
  world.step(
      "position: { symbol: BNBUSDT, side: LONG, quantity: 2, entry: 900, leverage: 10, "
      "margin: isolated }");
  const json row = json::parse(world.call("GET", "/fapi/v3/positionRisk").body).at(0);
  EXPECT_EQ(row["isolatedWallet"], "180");
  EXPECT_EQ(row["liquidationPrice"], "813.25301205") << "(180 - 1800) / (0.008 - 2)";
  world.step("price: { BNBUSDT: 813.26 }");
  EXPECT_EQ(world.held(), 2_d);
  world.step("price: { BNBUSDT: 813.25 }");
  EXPECT_EQ(world.held(), 0_d) << "though the account has 10 000";
}

// §7: er 5; §10: liquidation first is one reason why a triggered stop does not close.
TEST(Liquidation, EndsAStopOnItsWayAndWhatRestsWithTheReasonFive) {
  ActorWorld world;
  world.step("position: { symbol: BNBUSDT, side: SHORT, quantity: 2, entry: 900 }");
  world.step(
      "algo: { symbol: BNBUSDT, side: BUY, type: STOP_MARKET, trigger: 910, quantity: 2, "
      "reduce_only: true, working_type: MARK_PRICE }");
  world.step("order: { symbol: BNBUSDT, side: BUY, type: LIMIT, quantity: 1, price: 880 }");
  world.step("fault: { kind: stop_stuck }");
  world.step("price: { BNBUSDT: 911 }");
  world.events("");
  world.all.clear();
  world.step("forced_close: { symbol: BNBUSDT }");
  std::vector<std::string> told;
  for (const json& event : world.events("ORDER_TRADE_UPDATE")) {
    const json& o = event["o"];
    told.push_back(o["x"].get<std::string>() + " " + o["ot"].get<std::string>() + " er " +
                   o["er"].get<std::string>());
  }
  EXPECT_EQ(told, (std::vector<std::string>{"EXPIRED LIMIT er 5", "NEW STOP_MARKET er 0",
                                            "EXPIRED STOP_MARKET er 5", "CALCULATED LIMIT er 0"}));
  const auto algos = world.events("ALGO_UPDATE");
  ASSERT_EQ(algos.size(), 2u);
  EXPECT_EQ(algos[1]["o"]["X"], "FINISHED");
  EXPECT_EQ(algos[1]["o"]["aq"], "0");
  EXPECT_EQ(world.held(), 0_d);
  EXPECT_EQ(world.refused("forced_close: { symbol: BNBUSDT }"), -2022);
}

TEST(Deleveraging, TakesAPartAndLeavesTheStop) {
  ActorWorld world;
  world.step("position: { symbol: BNBUSDT, side: LONG, quantity: 2, entry: 900 }");
  world.step(
      "algo: { symbol: BNBUSDT, side: SELL, type: STOP_MARKET, trigger: 880, "
      "close_position: true }");
  world.step("forced_close: { symbol: BNBUSDT, kind: adl, quantity: 0.5 }");
  EXPECT_EQ(world.held(), 1.5_d);
  EXPECT_EQ(world.account->open_algos.size(), 1u);
  EXPECT_EQ(world.events("ORDER_TRADE_UPDATE")[0]["o"]["c"], "adl_autoclose");
  EXPECT_EQ(world.events("ACCOUNT_UPDATE").back()["a"]["P"][0]["pa"], "1.5");
}

TEST(Transfer, IsToldAsDepositOrWithdrawalAndAsAnIncome) {
  ActorWorld world;
  world.step("fund: { amount: 250 }");
  world.step("fund: { amount: -100, type: TRANSFER }");
  world.step("fund: { amount: -0.5, type: FUNDING_FEE, symbol: BNBUSDT }");
  const auto told = world.events("ACCOUNT_UPDATE");
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0]["a"]["m"], "DEPOSIT");
  EXPECT_EQ(told[0]["a"]["B"][0]["bc"], "250");
  EXPECT_EQ(told[1]["a"]["m"], "WITHDRAW");
  EXPECT_EQ(told[1]["a"]["B"][0]["wb"], "10150");
  EXPECT_EQ(told[1]["a"]["P"], json::array());
  EXPECT_FALSE(told[1]["a"].contains("S"));
  EXPECT_EQ(told[2]["a"]["m"], "FUNDING_FEE");
  EXPECT_EQ(told[2]["a"]["S"], "BNBUSDT");
}

TEST(Neighbour, UsesUpTheWeightOfTheAddressEvenly) {
  ActorWorld world;
  world.now += seconds(60 - epoch_ms(kNow) / 1000 % 60);  // a full minute
  const auto used = [&] {
    return header_of(world.open_call("/fapi/v1/ping"), "X-MBX-USED-WEIGHT-1M");
  };
  world.step("neighbour: { weight_per_minute: 1800 }");
  world.pass(seconds(10), 100);
  EXPECT_EQ(used(), "301") << "300 of theirs, and one of ours";
  world.pass(seconds(30), 6);
  EXPECT_EQ(used(), "1202");
  world.pass(seconds(25), 250);
  EXPECT_EQ(used(), "154") << "5.1 seconds of the next minute, the step at its start among them";
  world.step("neighbour: { weight_per_minute: 6000 }");
  world.pass(seconds(30), 300);
  EXPECT_EQ(world.open_call("/fapi/v1/ping").status, 429);
  world.step("neighbour: { weight_per_minute: 0 }");
  world.pass(minutes(1));
  EXPECT_EQ(used(), "1");
}

TEST(Reentry, FollowsAStopThatClosedAndNothingElse) {
  ActorWorld world;
  world.step("reenter: { symbol: BNBUSDT, after: 2s, times: 2, client_id: again- }");
  const auto enter_and_stop = [&] {
    world.step(
        "algo: { symbol: BNBUSDT, side: BUY, type: STOP_MARKET, trigger: 910, "
        "close_position: true }");
    world.step("price: { BNBUSDT: 911 }");
    world.step("price: { BNBUSDT: 900 }");
    EXPECT_EQ(world.held(), 0_d);
  };
  world.step("position: { symbol: BNBUSDT, side: SHORT, quantity: 2, entry: 900 }");
  world.step("position: { symbol: BNBUSDT, side: SHORT, quantity: 0 }");
  world.pass(seconds(5));
  EXPECT_EQ(world.held(), 0_d) << "no stop closed it";
  world.step("position: { symbol: BNBUSDT, side: SHORT, quantity: 2, entry: 900 }");
  enter_and_stop();
  world.pass(milliseconds(1));
  world.pass(milliseconds(1999));
  EXPECT_EQ(world.held(), 0_d);
  world.pass(milliseconds(1));
  EXPECT_EQ(world.held(), -2_d);
  EXPECT_EQ(world.account->orders.rbegin()->second.client_id, "again-1");
  enter_and_stop();
  world.pass(milliseconds(1));
  world.pass(seconds(2));
  EXPECT_EQ(world.held(), -2_d);
  enter_and_stop();
  world.pass(milliseconds(1));
  world.pass(seconds(2));
  EXPECT_EQ(world.held(), 0_d) << "twice was asked for";
}

TEST(Reentry, DoesNotFollowATakeProfitOrAnotherSymbol) {
  ActorWorld world;
  world.step("reenter: { symbol: BNBUSDT, times: -1 }");
  world.step("position: { symbol: BNBUSDT, side: LONG, quantity: 2, entry: 900 }");
  world.step(
      "algo: { symbol: BNBUSDT, side: SELL, type: TAKE_PROFIT_MARKET, trigger: 910, "
      "close_position: true }");
  world.step("price: { BNBUSDT: 911 }");
  world.step("position: { symbol: BTCUSDT, side: LONG, quantity: 0.01, entry: 90000 }");
  world.step(
      "algo: { symbol: BTCUSDT, side: SELL, type: STOP_MARKET, trigger: 89000, "
      "close_position: true }");
  world.step("price: { BTCUSDT: 88000 }");
  world.pass(seconds(5), 5);
  EXPECT_EQ(world.held(), 0_d);
  EXPECT_EQ(world.account->held("BTCUSDT", PositionSide::both), 0_d);
}

TEST(Runaway, PlacesAsManyOrdersAsAskedUntilItsTimeOrTheLimit) {
  ActorWorld world;
  world.step(
      "runaway: { symbol: BNBUSDT, per_minute: 600, for: 6s, quantity: 0.1, "
      "client_id: wild- }");
  world.pass(seconds(3), 30);
  EXPECT_EQ(world.account->orders.size(), 30u);
  EXPECT_EQ(world.account->open_orders.size(), 1u) << "each is cancelled before the next";
  EXPECT_EQ(world.held(), 0_d);
  EXPECT_EQ(world.account->orders.begin()->second.client_id, "wild-1");
  world.pass(seconds(30), 30);
  EXPECT_EQ(world.account->orders.size(), 60u);
  world.step("runaway: { symbol: BNBUSDT, per_minute: 6000, quantity: 0.1, style: market }");
  world.now += seconds(10 - epoch_ms(world.now) / 1000 % 10);
  world.venue.advance(world.now);
  const std::size_t before = world.account->orders.size();
  world.pass(milliseconds(9900), 99);
  EXPECT_LE(world.account->orders.size() - before, 300u);
  EXPECT_EQ(code_of(world.sell()), -1015) << "nobody else of the account gets through";
  world.step("dismiss: all");
  world.pass(minutes(2));
  const std::size_t after = world.account->orders.size();
  world.pass(minutes(1), 60);
  EXPECT_EQ(world.account->orders.size(), after);
}

TEST(Person, SignsOrdersAsTheWebsiteDoes) {
  ActorWorld world;
  const std::string order =
      "order: { symbol: BNBUSDT, side: SELL, type: LIMIT, quantity: 1, price: 930, ";
  world.step(order + "by: person }");
  world.step(order + "by: person }");
  world.step(order + "client_id: bot-7 }");
  std::set<std::string> ids;
  for (const auto& [id, placed] : world.account->orders) ids.insert(placed.client_id);
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_TRUE(ids.contains("bot-7"));
  EXPECT_TRUE(ids.rbegin()->starts_with("web_"));
  EXPECT_FALSE(read_step(order + "by: person, client_id: x }"));
}

TEST(Key, CanLoseAndGainItsRightsWhileTheScenarioPlays) {
  ActorWorld world;
  EXPECT_EQ(world.sell().status, 200);
  world.step("key: { name: trade, permissions: read, can_withdraw: true }");
  EXPECT_EQ(code_of(world.sell()), -2015);
  const json config = json::parse(world.call("GET", "/fapi/v1/accountConfig").body);
  EXPECT_EQ(config["canTrade"], false);
  EXPECT_EQ(config["canWithdraw"], true);
  world.step("key: { name: trade, permissions: none }");
  EXPECT_EQ(code_of(world.call("GET", "/fapi/v3/balance")), -2015);
  world.step("key: { name: trade, permissions: trade }");
  EXPECT_EQ(world.sell().status, 200);
  world.step("restrict: { can_trade: false }");
  EXPECT_EQ(code_of(world.sell()), -4088);
  EXPECT_EQ(world.refused("key: { name: nobody }"), -1);
}

// §12: what the probe asks may be refused though a real order would pass, and the other way round.
TEST(OrderTest, IsRefusedByAFaultOfItsOwn) {
  ActorWorld world;
  const auto tried = [&] {
    return world.call("POST", "/fapi/v1/order/test",
                      "symbol=BNBUSDT&side=SELL&type=MARKET&quantity=1");
  };
  for (const int code : {-2015, -4061, -1111}) {
    world.step("fault: { kind: error, match: \"POST /fapi/v1/order/test\", count: 1, code: " +
               std::to_string(code) + ", http: 401 }");
    const Reply reply = tried();
    EXPECT_EQ(code_of(reply), code);
    EXPECT_EQ(reply.status, 401);
  }
  EXPECT_EQ(tried().status, 200);
  EXPECT_EQ(world.sell().status, 200);
}

// Every example of SCENARIOS.md is read by the program that it describes.
TEST(Documentation, HasExamplesThatAreUnderstood) {
  std::ifstream in;
  for (auto up = std::filesystem::current_path(); !in.is_open() && up != up.parent_path();
       up = up.parent_path()) {
    in.open(up / "simulator/SCENARIOS.md");
  }
  if (!in.is_open()) GTEST_SKIP() << "the sources are not where this was built";
  const std::string all((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  int steps = 0;
  for (auto at = all.find("```yaml\nsteps:"); at != all.npos;
       at = all.find("```yaml\nsteps:", at + 1)) {
    const auto begin = all.find('\n', at) + 1;
    const auto scenario =
        read_scenario("symbols: { BNBUSDT: { price: 900 } }\naccounts: [ { name: main } ]\n" +
                          all.substr(begin, all.find("```", begin) - begin),
                      "s");
    ASSERT_TRUE(scenario) << scenario.error().message;
    steps += static_cast<int>(scenario->steps.size());
  }
  EXPECT_GT(steps, 50);
}

}  // namespace
}  // namespace vakthund::simulator
