// What the source reads of the past, and what it asks without changing anything, against the
// simulator.
#include "tests/watchdog/binance/source_against_simulator.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using guard::Read;
using namespace model::literals;

TEST_F(SourceAgainstSimulator, ReadsThePastOfPositionsAndSaysWhenItIsWhole) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  SourceSettings settings = simulated.settings();
  settings.weight_budget_ratio = 0.5_d;  // all of it within the first minute
  connect(settings);
  source_->start();
  source_->execute(guard::Watch{{"BNBUSDT", "BTCUSDT"}, {}, {"BNBUSDT", "BTCUSDT"}});
  const auto trades_alive = [&] {
    return std::count_if(events_.begin(), events_.end(), [](const Event& event) {
      const auto* alive = std::get_if<guard::FeedAlive>(&event);
      return alive != nullptr && alive->feed == model::Feed::trades;
    });
  };
  ASSERT_TRUE(run_until([&] { return trades_alive() > 0; })) << troubles();
  EXPECT_EQ(count<guard::FillsRead>(), 2);
  EXPECT_EQ(count<guard::OrderHistoryRead>(), 4);
  EXPECT_TRUE(last<guard::FillsRead>()->complete);
  ASSERT_TRUE(run_until([&] {
    return count<guard::IncomeRead>() > 0 && count<guard::ForcedOrdersRead>() > 0;
  })) << troubles();
  EXPECT_TRUE(last<guard::IncomeRead>()->complete);
  const auto day = std::chrono::floor<std::chrono::days>(last<guard::IncomeRead>()->since);
  EXPECT_EQ(last<guard::IncomeRead>()->since, day);
  ASSERT_NE(last<guard::ExchangeSeen>(), nullptr);

  // A position is closed: its trades are read once more, and hold the close.
  ASSERT_TRUE(run_until([&] {
    return stream_is_up(model::Feed::private_stream) && last<guard::PositionsRead>() != nullptr;
  })) << troubles();
  for (const auto& position : last<guard::PositionsRead>()->positions) {
    if (position.symbol != "BNBUSDT") continue;
    const auto pieces = guard::ReducingOrder::close(position, nullptr, "vh-T", 1);
    ASSERT_TRUE(pieces.has_value());
    source_->execute(guard::CancelOrders{"BNBUSDT", model::OrderSource::regular});
    source_->execute(guard::PlaceOrders{*pieces});
  }
  ASSERT_TRUE(run_until([&] { return count<guard::FillSeen>() > 0; })) << troubles();
  const int before = count<guard::FillsRead>();
  source_->execute(guard::Watch{{"BNBUSDT", "BTCUSDT"}, {}, {"BTCUSDT"}});
  ASSERT_TRUE(run_until([&] { return count<guard::FillsRead>() > before; })) << troubles();
  EXPECT_EQ(last<guard::FillsRead>()->symbol, "BNBUSDT");
  ASSERT_FALSE(last<guard::FillsRead>()->fills.empty());
  EXPECT_EQ(last<guard::FillsRead>()->fills.back().order_id,
            last<guard::FillSeen>()->fill.order_id);
  ASSERT_TRUE(run_until([&] { return count<guard::OrderHistoryRead>() >= 6; })) << troubles();
  EXPECT_EQ(source_->stats().undecodable, 0u) << troubles();
  source_->stop();
}

TEST_F(SourceAgainstSimulator, TestsOrdersWithoutPlacingThem) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  EXPECT_EQ(count<guard::ExchangeSeen>(), 1);
  guard::TestOrders test;
  for (const auto& position : last<guard::PositionsRead>()->positions) {
    const auto pieces = guard::ReducingOrder::close(position, nullptr, "vh-" + position.symbol, 1);
    ASSERT_TRUE(pieces.has_value());
    test.orders.push_back(pieces->at(0));
  }
  model::Position odd = last<guard::PositionsRead>()->positions.at(0);
  odd.symbol = "NOSUCHUSDT";
  test.orders.push_back(guard::ReducingOrder::close(odd, nullptr, "vh-odd", 1)->at(0));
  source_->execute(test);
  ASSERT_TRUE(run_until([&] { return count<guard::OrderTested>() == 5; })) << troubles();
  for (const Event& event : events_) {
    const auto* tested = std::get_if<guard::OrderTested>(&event);
    if (tested == nullptr) continue;
    EXPECT_EQ(tested->refused.has_value(), tested->client_id == "vh-odd-1") << tested->client_id;
    if (tested->refused) EXPECT_EQ(tested->refused->code, -1121);
  }
  EXPECT_EQ(count<guard::FillSeen>(), 0);
  source_->execute(Read{});
  const int before = count<guard::PositionsRead>();
  ASSERT_TRUE(run_until([&] { return count<guard::PositionsRead>() > before; }));
  EXPECT_EQ(last<guard::PositionsRead>()->positions.size(), 4u);
}

}  // namespace
}  // namespace vakthund::binance
