#include "watchdog/binance/decode.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"

namespace vakthund::binance {
namespace {

using model::from_epoch_ms;
using model::OrderSource;
using model::PositionSide;
using namespace model::literals;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

model::Order recorded_order() {
  model::Order expected;
  expected.id = {OrderSource::regular, 664082074};
  expected.client_id = "x-xcKtGhcu68f8383451844295b3e8b9";
  expected.symbol = "LTCUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::limit;
  expected.status = model::OrderStatus::new_;
  expected.quantity = 0.2_d;
  expected.executed_quantity = 0_d;
  expected.price = 50_d;
  expected.working_type = model::WorkingType::contract_price;
  expected.created = from_epoch_ms(1707907323983);
  expected.updated = from_epoch_ms(1707907323991);
  return expected;
}

TEST(DecodeOrders, ReadsRecordedOpenOrders) {
  std::vector<model::Order> orders;
  Notes notes;
  const std::string list = "[" + std::string(samples::kOpenOrder) + "]";
  ASSERT_TRUE(decode_orders(Padded(list), OrderSource::regular, orders, notes));
  EXPECT_EQ(orders, std::vector{recorded_order()});
  ASSERT_TRUE(decode_orders(Padded("[]"), OrderSource::regular, orders, notes));
  EXPECT_TRUE(orders.empty());
}

TEST(DecodeOrders, ReadsRecordedAlgoOrders) {
  std::vector<model::Order> orders;
  Notes notes;
  ASSERT_TRUE(decode_orders(Padded(samples::kOpenAlgoOrders), OrderSource::algo, orders, notes));
  model::Order expected;
  expected.id = {OrderSource::algo, 1000000006010158};
  expected.client_id = "sch-1218-768878417-tp";
  expected.symbol = "XNYUSDT";
  expected.side = model::Side::buy;
  expected.position_side = PositionSide::both;
  expected.type = model::OrderType::take_profit_market;
  expected.status = model::OrderStatus::new_;
  expected.quantity = 8310_d;
  expected.price = 0_d;
  expected.trigger_price = 0.003613_d;
  expected.working_type = model::WorkingType::mark_price;
  expected.created = expected.updated = from_epoch_ms(1768878418849);
  EXPECT_EQ(orders, std::vector{expected});

  const std::string finished = "[" + std::string(samples::kFinishedAlgoOrder) + "]";
  ASSERT_TRUE(decode_orders(Padded(finished), OrderSource::algo, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].status, model::OrderStatus::finished);
  EXPECT_EQ(orders[0].average_price, 69067.6_d);
  EXPECT_EQ(orders[0].executed_quantity, 0.002_d);
  EXPECT_EQ(orders[0].child_order_id, 974828356187);
  EXPECT_EQ(orders[0].created, from_epoch_ms(1775461924247));
  EXPECT_TRUE(orders[0].reduce_only);
}

TEST(DecodeOrders, FailAsAWholeWhereAnOrderIsLost) {
  std::vector<model::Order> orders;
  Notes notes;
  const std::string good = "[" + std::string(samples::kOpenOrder) + "]";
  for (const auto& [from, to] : {std::pair{R"("orderId":664082074)", R"("orderId":1.5)"},
                                 {R"("symbol":"LTCUSDT")", R"("symbol":null)"},
                                 {R"("side":"BUY")", R"("side":"HOLD")"}}) {
    EXPECT_FALSE(
        decode_orders(Padded(replaced(good, from, to)), OrderSource::regular, orders, notes));
  }
  EXPECT_FALSE(decode_orders(Padded("[1]"), OrderSource::regular, orders, notes));
  EXPECT_FALSE(decode_orders(Padded("{}"), OrderSource::algo, orders, notes));
}

// §4: 8389765739703625592 has been seen; a double would lose its end.
TEST(DecodeOrders, KeepsIdsOf63BitsAndUnknownWords) {
  std::string text = "[" + std::string(samples::kOpenOrder) + "]";
  text = replaced(text, "664082074", "8389765739703625592");
  text = replaced(text, R"("status":"NEW")", R"("status":"NEW_ADL")");
  text = replaced(text, R"("type":"LIMIT")", R"("type":"ICEBERG")");
  text = replaced(text, R"("origQty":"0.200")", R"("origQty":"-1")");
  text = replaced(text, R"("reduceOnly":false)", R"("reduceOnly":"true")");
  std::vector<model::Order> orders;
  Notes notes;
  ASSERT_TRUE(decode_orders(Padded(text), OrderSource::regular, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].id.id, 8389765739703625592);
  EXPECT_EQ(orders[0].status.text(), "NEW_ADL");
  EXPECT_EQ(orders[0].type.text(), "ICEBERG");
  EXPECT_EQ(orders[0].quantity, std::nullopt);
  EXPECT_TRUE(orders[0].reduce_only);
  EXPECT_EQ(notes.total(), 1);
}

// A history is not a list of what stands: what is lost of it is remarked, the rest is of use.
TEST(DecodeOrderHistory, SkipsWhatCannotBeRead) {
  std::vector<model::Order> orders;
  Notes notes;
  const std::string good = samples::kOpenOrder;
  const std::string bad = replaced(good, R"("side":"BUY")", R"("side":null)");
  ASSERT_TRUE(decode_order_history(Padded("[" + bad + ",7," + good + "]"), OrderSource::regular,
                                   orders, notes));
  EXPECT_EQ(orders, std::vector{recorded_order()});
  EXPECT_EQ(notes.kept(),
            (std::vector<std::string>{"order 0: side cannot be read", "order 1: not an object"}));
  const std::string algo = "[" + std::string(samples::kFinishedAlgoOrder) + "]";
  ASSERT_TRUE(decode_order_history(Padded(algo), OrderSource::algo, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].status, model::OrderStatus::finished);
  EXPECT_FALSE(decode_order_history(Padded("{}"), OrderSource::algo, orders, notes));
  EXPECT_FALSE(
      decode_order_history(Padded("[" + good + ",{"), OrderSource::regular, orders, notes));
}

TEST(DecodeOrderHistory, KeepsTheNameOfAForcedOrder) {
  std::vector<model::Order> orders;
  Notes notes;
  ASSERT_TRUE(
      decode_order_history(Padded(samples::kForceOrders), OrderSource::regular, orders, notes));
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].client_id, "adl_autoclose");
  EXPECT_EQ(orders[0].executed_quantity, 0.001_d);
  EXPECT_EQ(orders[0].average_price, 10979.82_d);
  EXPECT_EQ(orders[0].position_side, PositionSide::short_);
  EXPECT_EQ(orders[0].updated, from_epoch_ms(1596110725071));
}

TEST(DecodeOrder, ReadsTheShortReplyOf2026) {
  model::Order order;
  Notes notes;
  ASSERT_TRUE(decode_order(Padded(samples::kNewOrder), order, notes));
  EXPECT_EQ(order.client_id, "testOrder");
  EXPECT_EQ(order.average_price, std::nullopt);
  EXPECT_EQ(order.quantity, 10_d);
  EXPECT_FALSE(decode_order(Padded("{}"), order, notes));
  EXPECT_FALSE(decode_order(Padded(R"({"code":200,"msg":"success"})"), order, notes));
}

TEST(DecodeBatch, KeepsEachElementInItsPlace) {
  std::vector<BatchReply> replies;
  Notes notes;
  const std::string text = "[" + std::string(samples::kOpenOrder) +
                           R"(,{"code":-2022,"msg":"ReduceOnly Order is rejected."},null,{}])";
  ASSERT_TRUE(decode_batch(Padded(text), replies, notes));
  EXPECT_EQ(replies,
            (std::vector<BatchReply>{{recorded_order(), 0, ""},
                                     {std::nullopt, -2022, "ReduceOnly Order is rejected."},
                                     {},
                                     {}}));
  EXPECT_FALSE(decode_batch(Padded("{}"), replies, notes));
}

TEST(DecodeFills, ReadsTheDocumentedTradeAndSkipsBrokenOnes) {
  model::Fill expected;
  expected.trade_id = 698759;
  expected.order_id = 25851813;
  expected.symbol = "BTCUSDT";
  expected.side = model::Side::sell;
  expected.position_side = PositionSide::short_;
  expected.quantity = 0.002_d;
  expected.price = 7819.01_d;
  expected.fee = 0.0781901_d;
  expected.fee_asset = "USDT";
  expected.realized_pnl = -(0.91539999_d);
  expected.time = from_epoch_ms(1569514978020);
  std::vector<model::Fill> fills;
  Notes notes;
  ASSERT_TRUE(decode_fills(Padded(samples::kUserTrades), fills, notes));
  EXPECT_EQ(fills, std::vector{expected});
  const std::string older = replaced(samples::kUserTrades, "1569514978020", "1569514978019");
  const std::string both = std::string(samples::kUserTrades);
  ASSERT_TRUE(
      decode_fills(Padded(both.substr(0, both.size() - 1) + "," + older.substr(1)), fills, notes));
  ASSERT_EQ(fills.size(), 2u);
  EXPECT_EQ(fills[1], expected) << "oldest first";
  ASSERT_TRUE(decode_fills(Padded(R"([{"id":1},{},5])"), fills, notes));
  EXPECT_TRUE(fills.empty());
  EXPECT_EQ(notes.total(), 3);
}

}  // namespace
}  // namespace vakthund::binance
