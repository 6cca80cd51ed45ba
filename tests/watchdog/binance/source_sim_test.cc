// The source against the simulator over real TLS sockets: neither was written from the other, both
// from the same document.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/watchdog/binance/source_against_simulator.h"

namespace vakthund::binance {

std::filesystem::path Simulated::program() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  return self.parent_path().parent_path() / "vakthund-sim";
}

Simulated::Simulated(const std::string& scenario) {
  std::string name = (std::filesystem::temp_directory_path() / "source-sim-XXXXXX").string();
  folder_ = mkdtemp(name.data());
  const std::string tls = (folder_ / "tls").string();
  const std::string file = (folder_ / "scenario.yaml").string();
  if (!scenario.empty()) std::ofstream(file) << scenario;
  int ends[2];
  if (pipe(ends) != 0) return;
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    const std::string path = program().string();
    if (scenario.empty()) {
      execl(path.c_str(), path.c_str(), "--tls-dir", tls.c_str(), nullptr);
    } else {
      execl(path.c_str(), path.c_str(), "--tls-dir", tls.c_str(), "--scenario", file.c_str(),
            nullptr);
    }
    _exit(127);
  }
  close(ends[1]);
  std::string line;
  for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  close(ends[0]);
  const auto told = nlohmann::json::parse(line, nullptr, false);
  if (!told.is_object()) return;
  settings_.account = "main";
  settings_.rest_url = told.at("listening").get<std::string>();
  settings_.stream_url = "wss" + settings_.rest_url.substr(settings_.rest_url.find(':'));
  settings_.ca_file = told.at("ca_file").get<std::string>();
  settings_.api_key = told.at("api_key").get<std::string>();
  std::ostringstream secret;
  secret << std::ifstream(told.at("api_secret_file").get<std::string>()).rdbuf();
  settings_.secret = secret.str();
}

Simulated::~Simulated() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

namespace {

using guard::Event;
using guard::Read;
using model::PositionSide;
using namespace model::literals;

TEST_F(SourceAgainstSimulator, LooksOnceAtEverything) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  EXPECT_EQ(troubles(), "");
  ASSERT_NE(last<guard::PositionsRead>(), nullptr);
  std::vector<std::string> positions;
  for (const auto& row : last<guard::PositionsRead>()->positions) {
    positions.push_back(row.symbol + " " + row.quantity.to_string() + " at " +
                        to_text(row.entry_price));
  }
  std::sort(positions.begin(), positions.end());
  EXPECT_EQ(positions,
            (std::vector<std::string>{"BNBUSDT -2.17 at 896.8", "BTCUSDT -0.013 at 91508.9",
                                      "DOTUSDT 143 at 2.675", "SOLUSDT -1.2 at 139.01"}));
  EXPECT_EQ(count<guard::OrdersRead>(), 2);
  EXPECT_EQ(last<guard::AccountConfigRead>()->config.mode, model::PositionMode::one_way);
  EXPECT_TRUE(last<guard::AccountRead>()->totals.margin_balance.has_value());
  EXPECT_FALSE(last<guard::FiltersRead>()->filters.empty());
  EXPECT_FALSE(last<guard::SymbolConfigsRead>()->configs.empty());
  EXPECT_FALSE(last<guard::MarkPrices>()->ticks.empty());
  int algo_orders = 0;
  for (const Event& event : events_) {
    const auto* orders = std::get_if<guard::OrdersRead>(&event);
    if (orders == nullptr || orders->source != model::OrderSource::algo) continue;
    for (const model::Order& order : orders->orders) {
      EXPECT_TRUE(order.type.known() && order.status.known() && order.working_type.known());
      EXPECT_TRUE(order.close_position && order.trigger_price);
      ++algo_orders;
    }
  }
  EXPECT_EQ(algo_orders, 4);
  EXPECT_EQ(source_->trouble(), std::nullopt);
}

TEST_F(SourceAgainstSimulator, BringsBothStreamsUpAndReadsEverything) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  source_->start();
  ASSERT_TRUE(run_until([&] {
    return stream_is_up(model::Feed::market_stream) && stream_is_up(model::Feed::private_stream) &&
           count<guard::PositionsRead>() > 0 && count<guard::OrdersRead>() > 1 &&
           count<guard::FiltersRead>() > 0 && count<guard::MarkPrices>() > 1;
  })) << troubles();
  const SourceStats stats = source_->stats();
  EXPECT_TRUE(stats.market.up && stats.private_stream.up);
  EXPECT_EQ(stats.undecodable, 0u) << troubles();
  EXPECT_TRUE(stats.clock_offset.has_value());
  EXPECT_GT(stats.weight_ours, 0);
  EXPECT_LE(stats.weight_ours, stats.weight_share);
  EXPECT_EQ(stats.requests.at({"GET /fapi/v1/time", 200}), 1u);
  source_->stop();
}

TEST_F(SourceAgainstSimulator, ClosesAPositionAndHearsOfIt) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  source_->start();
  ASSERT_TRUE(run_until([&] {
    return stream_is_up(model::Feed::private_stream) && last<guard::PositionsRead>() != nullptr;
  })) << troubles();
  guard::PlaceOrders place;
  for (const auto& position : last<guard::PositionsRead>()->positions) {
    const auto pieces =
        guard::ReducingOrder::close(position, nullptr, "vh-T-" + position.symbol, 1);
    ASSERT_TRUE(pieces.has_value());
    place.orders.insert(place.orders.end(), pieces->begin(), pieces->end());
  }
  ASSERT_EQ(place.orders.size(), 4u);
  for (const auto& order : place.orders) {
    source_->execute(guard::CancelOrders{order.symbol(), model::OrderSource::regular});
  }
  source_->execute(place);
  ASSERT_TRUE(run_until([&] {
    return count<guard::OrderPlaced>() == 4 && count<guard::OrdersCanceled>() == 4 &&
           count<guard::FillSeen>() >= 4 && count<guard::PositionChanged>() >= 4;
  })) << troubles();
  const auto& fill = last<guard::FillSeen>()->fill;
  EXPECT_EQ(fill.client_id.substr(0, 5), "vh-T-");
  EXPECT_EQ(source_->stats().orders_written, 8u);
  Read read;
  read.what = Read::What::positions;
  read.urgent = true;
  const int before = count<guard::PositionsRead>();
  source_->execute(read);
  ASSERT_TRUE(run_until([&] { return count<guard::PositionsRead>() > before; }));
  EXPECT_TRUE(last<guard::PositionsRead>()->positions.empty());
  for (const auto source : {model::OrderSource::algo}) {
    source_->execute(guard::CancelOrders{"BNBUSDT", source});
  }
  ASSERT_TRUE(run_until([&] { return count<guard::OrdersCanceled>() == 5; })) << troubles();
  read.what = Read::What::order;
  read.symbol = "BNBUSDT";
  read.client_id = "vh-T-BNBUSDT-1";
  source_->execute(read);
  ASSERT_TRUE(run_until([&] { return last<guard::OrderRead>() != nullptr; })) << troubles();
  EXPECT_EQ(last<guard::OrderRead>()->order.status, model::OrderStatus::filled);
  read.client_id = "no-such-order";
  source_->execute(read);
  ASSERT_TRUE(run_until([&] { return last<guard::OrderUnknown>() != nullptr; })) << troubles();
  read.what = Read::What::fills;
  source_->execute(read);
  ASSERT_TRUE(run_until([&] { return last<guard::FillsRead>() != nullptr; })) << troubles();
  EXPECT_FALSE(last<guard::FillsRead>()->fills.empty());
  source_->stop();
}

// A short of 2.17 BNBUSDT in pieces of at most `largest`.
std::vector<guard::ReducingOrder> pieces_of(model::Decimal largest) {
  model::Position position;
  position.symbol = "BNBUSDT";
  position.position_side = PositionSide::both;
  position.quantity = -(2.17_d);
  model::SymbolFilters filters;
  filters.symbol = "BNBUSDT";
  filters.market_max_quantity = largest;
  filters.market_step = 0.01_d;
  return guard::ReducingOrder::close(position, &filters, "vh-B", 1).value();
}

TEST_F(SourceAgainstSimulator, SendsOrdersSinglyWhereEachHasAWarmConnection) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  const auto pieces = pieces_of(0.3_d);
  ASSERT_EQ(pieces.size(), 8u);
  source_->execute(guard::PlaceOrders{pieces});
  ASSERT_TRUE(
      run_until([&] { return count<guard::OrderPlaced>() + count<guard::OrderFailed>() == 8; }));
  EXPECT_EQ(count<guard::OrderPlaced>(), 8) << troubles();
  EXPECT_EQ(source_->stats().requests.at({"POST /fapi/v1/order", 200}), 8u);
  EXPECT_FALSE(source_->stats().requests.contains({"POST /fapi/v1/batchOrders", 200}));
}

TEST_F(SourceAgainstSimulator, SendsOrdersInBatchesWhereThereAreMoreThanWarmConnections) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  const auto pieces = pieces_of(0.1_d);
  ASSERT_EQ(pieces.size(), 22u);
  source_->execute(guard::PlaceOrders{pieces});
  ASSERT_TRUE(
      run_until([&] { return count<guard::OrderPlaced>() + count<guard::OrderFailed>() == 22; }));
  EXPECT_EQ(count<guard::OrderPlaced>(), 22) << troubles();
  // Three batches leave seven, and nine warm connections.
  EXPECT_EQ(source_->stats().requests.at({"POST /fapi/v1/batchOrders", 200}), 3u);
  EXPECT_EQ(source_->stats().requests.at({"POST /fapi/v1/order", 200}), 7u);
}

// A position of 2.17 BNBUSDT, and a fault from the first moment on.
std::string with_fault(const std::string& fault) {
  return R"(symbols:
  BNBUSDT: { price: 906.33 }
accounts:
  - name: main
    wallet: 100000
    positions:
      - { symbol: BNBUSDT, side: SHORT, quantity: 2.17, entry: 896.80 }
steps:
  - fault: )" +
         fault + "\n";
}

TEST_F(SourceAgainstSimulator, ReadsTheClockBeforeItPassesOnThatItIsWrong) {
  const Simulated simulated(
      with_fault(R"({ kind: error, match: "POST /fapi/v1/order", code: -1021, http: 400 })"));
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  const std::pair<std::string, int> clock_read{"GET /fapi/v1/time", 200};
  ASSERT_EQ(source_->stats().requests.at(clock_read), 1u);
  source_->execute(guard::PlaceOrders{pieces_of(3_d)});
  std::uint64_t read_by_then = 0;
  ASSERT_TRUE(run_until([&] {
    read_by_then = source_->stats().requests.at(clock_read);
    return count<guard::OrderFailed>() == 1;
  })) << troubles();
  EXPECT_EQ(last<guard::OrderFailed>()->error.code, -1021);
  EXPECT_EQ(read_by_then, 2u);
  EXPECT_EQ(source_->stats().requests.at({"POST /fapi/v1/order", -1021}), 2u);
}

// The elements of a batch have codes of their own, and the batch as a whole is no refusal.
TEST_F(SourceAgainstSimulator, ReadsTheClockWhereAnElementOfABatchSaysThatItIsWrong) {
  const std::string refusal = R"({"code":-5028,"msg":"late"})";
  const Simulated simulated(with_fault(
      "{ kind: reply, match: \"POST /fapi/v1/batchOrders\", http: 200, count: 1, message: '[" +
      refusal + "," + refusal + "," + refusal + "," + refusal + "," + refusal + "]' }"));
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  look_once();
  const std::pair<std::string, int> clock_read{"GET /fapi/v1/time", 200};
  ASSERT_EQ(source_->stats().requests.at(clock_read), 1u);
  source_->execute(guard::PlaceOrders{pieces_of(0.1_d)});
  std::uint64_t read_by_then = 0;
  ASSERT_TRUE(run_until([&] {
    if (read_by_then == 0 && count<guard::OrderFailed>() > 0) {
      read_by_then = source_->stats().requests.at(clock_read);
    }
    return count<guard::OrderPlaced>() + count<guard::OrderFailed>() == 22;
  })) << troubles();
  EXPECT_EQ(count<guard::OrderFailed>(), 5) << troubles();
  EXPECT_EQ(last<guard::OrderFailed>()->error.code, -5028);
  EXPECT_EQ(read_by_then, 2u);
}

TEST_F(SourceAgainstSimulator, FollowsTheLastPriceOfWatchedSymbols) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  connect(simulated);
  source_->start();
  source_->execute(guard::Watch{{"BTCUSDT"}, {"BTCUSDT"}});
  ASSERT_TRUE(run_until([&] {
    return stream_is_up(model::Feed::market_stream) &&
           source_->stats().frames[static_cast<std::size_t>(FrameKind::ack)] > 0;
  })) << troubles();
  source_->stop();
}

TEST_F(SourceAgainstSimulator, SaysInOneLineWhatAPersonMustMend) {
  const Simulated simulated;
  ASSERT_TRUE(simulated.ready());
  SourceSettings wrong_secret = simulated.settings();
  wrong_secret.secret = std::string(64, 'a');
  connect(wrong_secret);
  look_once();
  ASSERT_TRUE(source_->trouble().has_value());
  EXPECT_EQ(source_->trouble()->code, -1022) << source_->trouble()->message;
  EXPECT_EQ(source_->trouble()->kind, ErrorKind::refused);
  EXPECT_EQ(source_->trouble()->message.find("aaaa"), std::string::npos);

  events_.clear();
  SourceSettings wrong_key = simulated.settings();
  wrong_key.api_key = std::string(64, 'b');
  connect(wrong_key);
  look_once();
  ASSERT_TRUE(source_->trouble().has_value());
  EXPECT_EQ(source_->trouble()->code, -2015) << source_->trouble()->message;

  events_.clear();
  SourceSettings no_ca = simulated.settings();
  no_ca.ca_file.clear();
  connect(no_ca);
  look_once();
  ASSERT_TRUE(source_->trouble().has_value());
  EXPECT_NE(source_->trouble()->message.find("certificate"), std::string::npos)
      << source_->trouble()->message;
  EXPECT_EQ(count<guard::ReadFailed>(), 7);
}

}  // namespace
}  // namespace vakthund::binance
