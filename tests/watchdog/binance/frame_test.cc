#include "watchdog/binance/frame.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using model::from_epoch_ms;
using model::OrderSource;
using model::PositionSide;
using namespace model::literals;

struct Decoded {
  FrameKind kind{};
  std::vector<Event> events;
  template <class E>
  const E& only() const {
    EXPECT_EQ(events.size(), 1u);
    return std::get<E>(events.at(0));
  }
  template <class E>
  bool is_only() const {
    return events.size() == 1 && std::holds_alternative<E>(events[0]);
  }
};
Decoded market(const Padded& text) {
  Decoded decoded;
  decoded.kind = decode_market_frame(text, decoded.events);
  return decoded;
}
Decoded priv(const Padded& text) {
  Decoded decoded;
  decoded.kind = decode_private_frame(text, decoded.events);
  return decoded;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_tick(const guard::PriceTick& tick, std::string_view symbol, model::Decimal price,
                 std::int64_t stamped_ms) {
  EXPECT_EQ(tick.symbol, symbol);
  EXPECT_EQ(tick.price, price);
  EXPECT_EQ(tick.stamped, from_epoch_ms(stamped_ms));
}

TEST(MarketFrame, ReadsARecordedMarkPriceWrappedOrRaw) {
  const std::string wrapped = samples::kMarkPrice;
  const auto data = wrapped.find(R"({"e")");
  const std::string raw = wrapped.substr(data, wrapped.size() - data - 1);
  for (const std::string& text : {wrapped, raw, "[" + raw + "]",
                                  R"({"data":[)" + raw + R"(],"stream":"!markPrice@arr@1s"})"}) {
    const Decoded decoded = market(text);
    EXPECT_EQ(decoded.kind, FrameKind::prices) << text;
    ASSERT_TRUE(decoded.is_only<guard::MarkPrices>()) << text;
    const auto& ticks = decoded.only<guard::MarkPrices>().ticks;
    ASSERT_EQ(ticks.size(), 1u);
    expect_tick(ticks[0], "BTCUSDT", 86026.4_d, 1791283239000);
  }
}

TEST(MarketFrame, ReadsARecordedTradeAsLastPrice) {
  const Decoded decoded = market(samples::kAggTrade);
  EXPECT_EQ(decoded.kind, FrameKind::prices);
  ASSERT_TRUE(decoded.is_only<guard::LastPrices>());
  expect_tick(decoded.only<guard::LastPrices>().ticks.at(0), "BTCUSDT", 86000_d, 1791283227688);
}

// binance.md §6: the array mixes USD-margined (st 1) and coin-margined (st 2) symbols.
TEST(MarketFrame, PassesOverCoinMarginedRowsOfAnArray) {
  const Decoded none = market(samples::kMarkPriceArrayCoinMargined);
  EXPECT_EQ(none.kind, FrameKind::prices);
  EXPECT_TRUE(none.is_only<guard::StreamAlive>());
  const Decoded mixed = market(
      R"([{"st":2,"e":"markPriceUpdate","s":"BTCUSD_PERP","p":"1","E":5},)"
      R"({"s":"A","p":2.5,"E":"7","e":"markPriceUpdate"},)"
      R"({"st":"1","T":9,"p":"3","s":"B","e":"markPriceUpdate","nested":{"s":"no","p":["9"]}}])");
  ASSERT_TRUE(mixed.is_only<guard::MarkPrices>());
  const auto& ticks = mixed.only<guard::MarkPrices>().ticks;
  ASSERT_EQ(ticks.size(), 2u);
  expect_tick(ticks[0], "A", 2.5_d, 7);
  expect_tick(ticks[1], "B", 3_d, 0);
}

TEST(MarketFrame, LosesOnlyTheRowsThatCannotBeRead) {
  const Decoded decoded = market(
      R"([{"e":"markPriceUpdate","s":"A","p":"1"},{"e":"markPriceUpdate","s":"B","p":null},null,)"
      R"({"e":"markPriceUpdate","s":7,"p":"1"},{"e":"markPriceUpdate","s":"C","p":"-1"},)"
      R"({"e":"markPriceUpdate","s":"D","p":"1e99"},{},{"e":"other","s":"E","p":"1"}])");
  ASSERT_EQ(decoded.events.size(), 2u);
  const auto& ticks = std::get<guard::MarkPrices>(decoded.events[0]).ticks;
  ASSERT_EQ(ticks.size(), 1u);
  EXPECT_EQ(ticks[0].symbol, "A");
  const auto& remark = std::get<guard::Undecodable>(decoded.events[1]);
  EXPECT_EQ(remark.feed, model::Feed::market_stream);
  EXPECT_EQ(remark.what, "7 rows of an array of mark prices");
}

TEST(MarketFrame, UnescapesSymbols) {
  const Decoded decoded = market(R"([{"e":"markPriceUpdate","s":"\u5e01USDT","p":"1"}])");
  ASSERT_TRUE(decoded.is_only<guard::MarkPrices>());
  EXPECT_EQ(decoded.only<guard::MarkPrices>().ticks.at(0).symbol, "\xE5\xB8\x81USDT");
}

TEST(MarketFrame, CountsEveryFrameAsALife) {
  const std::pair<const char*, FrameKind> cases[] = {
      {R"({"result":null,"id":1})", FrameKind::ack},
      {R"({"id":1,"result":null})", FrameKind::ack},
      {R"({"error":{"code":2,"msg":"Invalid request"},"id":4})", FrameKind::refusal},
      {R"({"code":2,"msg":"Invalid request"})", FrameKind::refusal},
      {samples::kBookTicker, FrameKind::unknown_event},
      {R"({"e":"kline","k":{"e":"aggTrade","p":"1"}})", FrameKind::unknown_event},
  };
  for (const auto& [text, kind] : cases) {
    const Decoded decoded = market(text);
    EXPECT_EQ(to_string(decoded.kind), to_string(kind)) << text;
    ASSERT_TRUE(decoded.is_only<guard::StreamAlive>()) << text;
    EXPECT_EQ(decoded.only<guard::StreamAlive>().feed, model::Feed::market_stream);
  }
}

TEST(MarketFrame, ReportsWhatIsNoFrame) {
  for (const char* text : {"", "nonsense", "{", "[", "{}", "7", "null", "\"x\"", "[]x", "{}{}",
                           R"({"stream":"a"})", R"({"stream":"a","data":7})",
                           R"({"stream":"a","data":[{"e":"markPriceUpdate","s":"A","p":"1"})",
                           "<html><body>502</body></html>"}) {
    const Decoded decoded = market(text);
    EXPECT_EQ(decoded.kind, FrameKind::unreadable) << text;
    ASSERT_EQ(decoded.events.size(), 2u) << text;
    EXPECT_TRUE(std::holds_alternative<guard::Undecodable>(decoded.events[0]));
    EXPECT_TRUE(std::holds_alternative<guard::StreamAlive>(decoded.events[1]));
  }
}

TEST(PrivateFrame, ReadsARecordedAccountUpdate) {
  for (const std::string& text :
       {std::string(samples::kAccountUpdate),
        R"({"stream":"KEY","data":)" + std::string(samples::kAccountUpdate) + "}"}) {
    const Decoded decoded = priv(text);
    EXPECT_EQ(decoded.kind, FrameKind::account);
    ASSERT_TRUE(decoded.is_only<guard::PositionChanged>());
    const auto& changed = decoded.only<guard::PositionChanged>();
    ASSERT_EQ(changed.rows.size(), 1u);
    EXPECT_EQ(changed.rows[0].symbol, "SOLUSDT");
    EXPECT_EQ(changed.rows[0].position_side, PositionSide::both);
    EXPECT_EQ(changed.rows[0].quantity, 0.1_d);
    EXPECT_EQ(changed.rows[0].entry_price, 80.19_d);
    EXPECT_EQ(changed.reason, "ORDER");
    EXPECT_EQ(changed.stamped, from_epoch_ms(1771856732584));
  }
}

TEST(PrivateFrame, KeepsReadableRowsOfAnAccountUpdate) {
  const Decoded decoded =
      priv(R"({"a":{"P":[{"s":"A","pa":"0","ps":"BOTH"},{"s":"B","pa":null,"ps":"BOTH"},)"
           R"({"s":"C","pa":"1","ps":"UP"},4],"m":7},"e":"ACCOUNT_UPDATE","E":"5"})");
  ASSERT_EQ(decoded.events.size(), 4u);
  EXPECT_EQ(std::get<guard::Undecodable>(decoded.events[0]).what,
            "ACCOUNT_UPDATE: row 1 (B) cannot be read");
  const auto& changed = std::get<guard::PositionChanged>(decoded.events[3]);
  ASSERT_EQ(changed.rows.size(), 1u);
  EXPECT_EQ(changed.rows[0].symbol, "A");
  EXPECT_TRUE(changed.rows[0].quantity.is_zero());
  EXPECT_EQ(changed.rows[0].entry_price, std::nullopt);
  EXPECT_EQ(changed.stamped, from_epoch_ms(5));
}

TEST(PrivateFrame, TakesFundingWithoutPositionsAsLife) {
  const Decoded decoded =
      priv(R"({"e":"ACCOUNT_UPDATE","E":5,"T":5,"a":{"m":"FUNDING_FEE","B":[{"a":"USDT"}]}})");
  EXPECT_EQ(decoded.kind, FrameKind::account);
  EXPECT_TRUE(decoded.is_only<guard::StreamAlive>());
}

// §7: `bc` leaves profit and fees out; a balance that it does not move is no news.
TEST(PrivateFrame, TellsBalancesThatWereMoved) {
  const Decoded decoded =
      priv(R"({"e":"ACCOUNT_UPDATE","E":6,"T":5,"a":{"B":[{"a":"USDT","wb":"9","bc":"-100.5"},)"
           R"({"a":"BNB","bc":"0.00000000"},{"a":"BTC"},{"a":"ETH","bc":"much"},7,)"
           R"({"bc":"1"}],"P":[],"m":"WITHDRAW"}})");
  ASSERT_EQ(decoded.events.size(), 3u);
  EXPECT_EQ(std::get<guard::Undecodable>(decoded.events[0]).what,
            "ACCOUNT_UPDATE: balance 3 (ETH) cannot be read");
  EXPECT_EQ(std::get<guard::Undecodable>(decoded.events[1]).what,
            "ACCOUNT_UPDATE: balance 5 (no asset) cannot be read");
  const auto& changed = std::get<guard::BalanceChanged>(decoded.events[2]);
  EXPECT_EQ(changed.asset, "USDT");
  EXPECT_EQ(changed.change, -(100.5_d));
  EXPECT_EQ(changed.reason, "WITHDRAW");
  EXPECT_EQ(changed.stamped, from_epoch_ms(5));
}

model::Order recorded_order() {
  model::Order expected;
  expected.id = {OrderSource::regular, 199033476993};
  expected.client_id = "SOLUSDT_BOTH_1771856732181_1";
  expected.symbol = "SOLUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::market;
  expected.status = model::OrderStatus::new_;
  expected.quantity = 0.1_d;
  expected.executed_quantity = 0_d;
  expected.price = 0_d;
  expected.working_type = model::WorkingType::contract_price;
  expected.created = expected.updated = from_epoch_ms(1771856732584);
  return expected;
}

TEST(PrivateFrame, ReadsARecordedOrderUpdate) {
  const Decoded decoded = priv(samples::kOrderTradeUpdate);
  EXPECT_EQ(decoded.kind, FrameKind::order);
  ASSERT_TRUE(decoded.is_only<guard::OrderChanged>());
  EXPECT_EQ(decoded.only<guard::OrderChanged>().order, recorded_order());
}

std::string execution(const std::string& kind) {
  std::string text = samples::kOrderTradeUpdate;
  text = replaced(text, R"("x":"NEW","X":"NEW")", R"("x":")" + kind + R"(","X":"FILLED")");
  text = replaced(text, R"("l":"0","z":"0","L":"0","n":"0")",
                  R"("l":"0.1","z":"0.1","L":"80.19","n":"0.004")");
  text = replaced(text, R"("t":0)", R"("t":3181138052)");
  return replaced(text, R"("rp":"0")", R"("rp":"-1.5")");
}

// §7: x=TRADE is an execution; CALCULATED is one by liquidation or ADL.
TEST(PrivateFrame, TellsExecutionsAsFills) {
  model::Fill expected;
  expected.trade_id = 3181138052;
  expected.order_id = 199033476993;
  expected.client_id = "SOLUSDT_BOTH_1771856732181_1";
  expected.symbol = "SOLUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.quantity = 0.1_d;
  expected.price = 80.19_d;
  expected.fee = 0.004_d;
  expected.fee_asset = "USDT";
  expected.realized_pnl = -(1.5_d);
  expected.time = from_epoch_ms(1771856732584);
  for (const char* kind : {"TRADE", "CALCULATED"}) {
    const Decoded decoded = priv(execution(kind));
    ASSERT_EQ(decoded.events.size(), 2u) << kind;
    EXPECT_EQ(std::get<guard::OrderChanged>(decoded.events[0]).order.status,
              model::OrderStatus::filled);
    EXPECT_EQ(std::get<guard::FillSeen>(decoded.events[1]).fill, expected);
  }
  const std::string forced = replaced(execution("CALCULATED"), R"("SOLUSDT_BOTH_1771856732181_1")",
                                      R"("autoclose-1771856732181")");
  const Decoded liquidated = priv(forced);
  EXPECT_EQ(std::get<guard::FillSeen>(liquidated.events.at(1)).fill.client_id,
            "autoclose-1771856732181");
  EXPECT_EQ(std::get<guard::OrderChanged>(liquidated.events[0]).order.client_id,
            "autoclose-1771856732181");
  EXPECT_EQ(priv(execution("AMENDMENT")).events.size(), 1u);
  const Decoded broken = priv(replaced(execution("TRADE"), R"("L":"80.19")", R"("L":"?")"));
  ASSERT_EQ(broken.events.size(), 2u);
  EXPECT_EQ(std::get<guard::Undecodable>(broken.events[1]).what,
            "ORDER_TRADE_UPDATE: execution: L cannot be read");
}

TEST(PrivateFrame, ReadsRecordedAlgoUpdates) {
  const Decoded triggering = priv(samples::kAlgoTriggering);
  ASSERT_TRUE(triggering.is_only<guard::OrderChanged>());
  model::Order expected;
  expected.id = {OrderSource::algo, 1000000033225453};
  expected.client_id = "O-20251211-053131-TEST-000-1";
  expected.symbol = "DOGEUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::stop_market;
  expected.status = model::OrderStatus::triggering;
  expected.quantity = 38_d;
  expected.price = 0_d;
  expected.trigger_price = 0.13855_d;
  expected.working_type = model::WorkingType::contract_price;
  expected.updated = from_epoch_ms(1765431097019);
  EXPECT_EQ(triggering.only<guard::OrderChanged>().order, expected);
  const model::WallTime expected_first = expected.updated;

  expected.status = model::OrderStatus::finished;
  expected.executed_quantity = 38_d;
  expected.average_price = 0.13856_d;
  expected.child_order_id = 88937381063;
  expected.updated = from_epoch_ms(1765431097031);
  EXPECT_EQ(priv(samples::kAlgoFinished).only<guard::OrderChanged>().order, expected);

  const std::string rejected = replaced(samples::kAlgoTriggering, R"("X":"TRIGGERING")",
                                        R"("X":"REJECTED","rm":"Reduce Only reject")");
  EXPECT_EQ(priv(rejected).only<guard::OrderChanged>().order.reject_reason, "Reduce Only reject");
  const std::string placed =
      replaced(samples::kAlgoTriggering, R"("X":"TRIGGERING")", R"("X":"NEW","ia":false)");
  EXPECT_EQ(priv(placed).only<guard::OrderChanged>().order.created, expected_first);
  const std::string activated = replaced(placed, R"("ia":false)", R"("ia":true)");
  EXPECT_EQ(priv(activated).only<guard::OrderChanged>().order.created, model::WallTime());
  const std::string future =
      replaced(samples::kAlgoTriggering, R"("X":"TRIGGERING")", R"("X":"PONDERING")");
  EXPECT_EQ(priv(future).only<guard::OrderChanged>().order.status.text(), "PONDERING");
}

TEST(PrivateFrame, ReportsOrdersThatCannotBeRead) {
  for (const std::string& text :
       {replaced(samples::kOrderTradeUpdate, R"("i":199033476993)", R"("i":null)"),
        replaced(samples::kOrderTradeUpdate, R"("S":"BUY")", R"("S":"?")"),
        replaced(samples::kAlgoFinished, R"("s":"DOGEUSDT")", R"("s":{})"),
        std::string(R"({"e":"ALGO_UPDATE"})"),
        std::string(R"({"e":"ORDER_TRADE_UPDATE","o":[]})")}) {
    const Decoded decoded = priv(text);
    EXPECT_EQ(decoded.kind, FrameKind::order) << text;
    ASSERT_EQ(decoded.events.size(), 2u) << text;
    EXPECT_EQ(std::get<guard::Undecodable>(decoded.events[0]).feed, model::Feed::private_stream);
    EXPECT_TRUE(std::holds_alternative<guard::StreamAlive>(decoded.events[1]));
  }
}

TEST(PrivateFrame, KnowsTheOtherEvents) {
  const Decoded leverage = priv(samples::kLeverageChange);
  EXPECT_EQ(leverage.kind, FrameKind::leverage);
  EXPECT_EQ(leverage.only<guard::LeverageChanged>().symbol, "BTCUSDT");
  EXPECT_EQ(leverage.only<guard::LeverageChanged>().leverage, 25);
  const std::string expired_with_text =
      replaced(samples::kListenKeyExpired, "1736996475556", "\"1736996475556\"");
  const std::pair<std::string, FrameKind> cases[] = {
      {samples::kTradeLite, FrameKind::trade_lite},
      {samples::kMarginCall, FrameKind::margin_call},
      {samples::kListenKeyExpired, FrameKind::listen_key_expired},
      {expired_with_text, FrameKind::listen_key_expired},
      {samples::kConditionalReject, FrameKind::unknown_event},
      {R"({"e":"ACCOUNT_CONFIG_UPDATE","ai":{"j":true}})", FrameKind::settings},
      {R"({"result":null,"id":3})", FrameKind::ack},
  };
  for (const auto& [text, kind] : cases) {
    const Decoded decoded = priv(text);
    EXPECT_EQ(to_string(decoded.kind), to_string(kind)) << text;
    ASSERT_TRUE(decoded.is_only<guard::StreamAlive>()) << text;
    EXPECT_EQ(decoded.only<guard::StreamAlive>().feed, model::Feed::private_stream);
  }
}

TEST(Frames, SurviveEveryTruncationAndEveryByteAtEveryPlace) {
  for (const char* sample :
       {samples::kMarkPrice, samples::kMarkPriceArrayCoinMargined, samples::kAggTrade,
        samples::kAccountUpdate, samples::kOrderTradeUpdate, samples::kAlgoFinished,
        samples::kLeverageChange, samples::kListenKeyExpired}) {
    const std::string text = sample;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      EXPECT_FALSE(market(text.substr(0, i)).events.empty());
      EXPECT_FALSE(priv(text.substr(0, i)).events.empty());
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string damaged = text;
      for (int c = ' '; c <= '~'; ++c) {
        damaged[i] = static_cast<char>(c);
        const Padded padded(damaged);
        EXPECT_FALSE(market(padded).events.empty());
        EXPECT_FALSE(priv(padded).events.empty());
      }
    }
  }
}

}  // namespace
}  // namespace vakthund::binance
