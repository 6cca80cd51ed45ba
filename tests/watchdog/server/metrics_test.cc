#include "watchdog/server/metrics.h"

#include <gmock/gmock.h>

#include <unistd.h>
#include <cstdio>

#include <cstdlib>
#include <fstream>
#include <thread>

namespace vakthund::server {
namespace {

using model::literals::operator""_d;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

void fill(Metrics& metrics) {
  metrics.set_armed(true);
  metrics.set_config_reload(true);
  metrics.set_kill_ready("main", true);
  const std::vector<PositionMetrics> positions{
      {"BNBUSDT", model::PositionSide::both, 1966.74_d, -20.68_d, 0.0106_d, 0.25_d, 1_d},
      {"DOTUSDT", model::PositionSide::long_, 3307.9_d, 5.68_d, -0.0017_d, std::nullopt, 0_d}};
  metrics.set_positions("main", positions);
  const std::vector<IncidentMetrics> incidents{
      {"unprotected", model::Severity::critical, "firing", 1}};
  metrics.set_incidents("main", incidents);
  metrics.set_kill_switch("main", KillSwitch::ready);
  metrics.set_data_age("main", "positions", 1500ms);
  metrics.set_exchange_weight("main", WeightMetrics{2400, 600, 150, 450});
  metrics.set_bot_up("main", true);
  metrics.set_container_running("main", false);
  metrics.add_exchange_request("main", "/fapi/v3/positionRisk", "200");
  metrics.add_exchange_request("main", "/fapi/v3/positionRisk", "200");
  metrics.add_alert("telegram", "sent");
  metrics.observe_decision(3us);
  metrics.observe_order_send(40us);
  metrics.observe_time_to_flat(700ms);
}

TEST(Metrics, HasEveryNameOfTheContractThatThisVersionFills) {
  Metrics metrics("1.2.3");
  fill(metrics);
  const std::string text = metrics.text();
  for (const std::string line : {
           "vakthund_build_info{version=\"1.2.3\"} 1\n",
           "vakthund_config_last_reload_successful 1\n",
           "vakthund_mode 1\n",
           "vakthund_kill_ready{account=\"main\"} 1\n",
           "vakthund_positions{account=\"main\"} 2\n",
           "vakthund_position_notional{account=\"main\",position_side=\"BOTH\",symbol=\"BNBUSDT\"} "
           "1966.74\n",
           "vakthund_position_unrealized_pnl{account=\"main\",position_side=\"BOTH\",symbol="
           "\"BNBUSDT\"} -20.68\n",
           "vakthund_position_loss_ratio{account=\"main\",position_side=\"BOTH\",symbol="
           "\"BNBUSDT\"} "
           "0.0106\n",
           "vakthund_stop_distance_ratio{account=\"main\",position_side=\"BOTH\",symbol="
           "\"BNBUSDT\"} "
           "0.25\n",
           "vakthund_position_protected_ratio{account=\"main\",position_side=\"LONG\",symbol="
           "\"DOTUSDT\"} 0\n",
           "vakthund_incidents{account=\"main\",rule=\"unprotected\",severity=\"critical\",state="
           "\"firing\"} 1\n",
           "vakthund_kill_switch_state{account=\"main\"} 1\n",
           "vakthund_data_age_seconds{account=\"main\",source=\"positions\"} 1.5\n",
           "vakthund_exchange_requests_total{account=\"main\",code=\"200\",endpoint=\"/fapi/v3/"
           "positionRisk\"} 2\n",
           "vakthund_exchange_used_weight_ratio{account=\"main\"} 0.25\n",
           "vakthund_exchange_weight{account=\"main\",by=\"ours\"} 150\n",
           "vakthund_exchange_weight{account=\"main\",by=\"others\"} 450\n",
           "vakthund_decision_seconds_bucket{le=\"1e-06\"} 0\n",
           "vakthund_decision_seconds_bucket{le=\"5e-06\"} 1\n",
           "vakthund_order_send_seconds_count 1\n",
           "vakthund_time_to_flat_seconds_sum 0.7\n",
           "vakthund_alerts_sent_total{result=\"sent\",sink=\"telegram\"} 1\n",
           "vakthund_bot_up{account=\"main\"} 1\n",
           "vakthund_container_running{account=\"main\"} 0\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("stop_distance_ratio{account=\"main\",position_side=\"LONG\"")));
}

TEST(Metrics, EndsTheSeriesOfWhatIsGoneOrUnknown) {
  Metrics metrics("1");
  fill(metrics);
  const std::vector<PositionMetrics> other{
      {"BNBUSDT", model::PositionSide::both, 1_d, {}, {}, {}, {}}};
  metrics.set_positions("other", other);
  metrics.set_positions("main", {});
  metrics.set_incidents("main", {});
  metrics.set_kill_ready("main", std::nullopt);
  metrics.set_data_age("main", "positions", std::nullopt);
  metrics.set_exchange_weight("main", std::nullopt);
  const std::string text = metrics.text();
  EXPECT_THAT(text, Not(HasSubstr("position_side=\"LONG\"")));
  EXPECT_THAT(text, Not(HasSubstr("vakthund_position_loss_ratio{")));
  EXPECT_THAT(text, Not(HasSubstr("vakthund_incidents{")));
  EXPECT_THAT(text, Not(HasSubstr("vakthund_kill_ready{")));
  EXPECT_THAT(text, Not(HasSubstr("vakthund_data_age_seconds{")));
  EXPECT_THAT(text, Not(HasSubstr("vakthund_exchange_weight{")));
  EXPECT_THAT(text, HasSubstr("vakthund_positions{account=\"main\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("vakthund_position_notional{account=\"other\""));
  metrics.forget("other");
  EXPECT_THAT(metrics.text(), Not(HasSubstr("account=\"other\"")));
}

TEST(Metrics, BoundsWhatTheExchangeCanMakeGrow) {
  Metrics metrics("1");
  for (std::size_t i = 0; i < Metrics::kMaxSeries + 10; ++i) {
    metrics.add_exchange_request("main", "x", std::to_string(i));
  }
  EXPECT_THAT(metrics.text(), HasSubstr("vakthund_exchange_requests_total{account=\"main\",code="
                                        "\"other\",endpoint=\"other\"} 10\n"));
}

TEST(Metrics, EscapesLabels) {
  Metrics metrics("1");
  metrics.set_bot_up("a\"\n\\", true);
  EXPECT_THAT(metrics.text(), HasSubstr("vakthund_bot_up{account=\"a\\\"\\n\\\\\"} 1\n"));
}

TEST(Metrics, AreSetAndReadByManyThreads) {
  Metrics metrics("1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      for (int n = 0; n < 50; ++n) {
        fill(metrics);
        metrics.set_positions("main", {});
        metrics.text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics.text(),
              HasSubstr("vakthund_alerts_sent_total{result=\"sent\",sink=\"telegram\"} "
                        "200\n"));
}

TEST(Metrics, PassPromtool) {
  if (std::system("command -v promtool >/dev/null") != 0) {
    GTEST_SKIP()
        << "promtool is not installed (package prometheus): the metrics page is NOT linted";
  }
  Metrics metrics("1.2.3");
  fill(metrics);
  std::string path = testing::TempDir() + "vakthund-metrics-XXXXXX";
  const int file = ::mkstemp(path.data());
  ASSERT_GE(file, 0);
  std::ofstream(path) << metrics.text();
  EXPECT_EQ(std::system(("promtool check metrics < " + path).c_str()), 0);
  ::close(file);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace vakthund::server
