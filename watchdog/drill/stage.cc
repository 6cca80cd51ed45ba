#include "watchdog/drill/stage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "watchdog/demo/real_engine.h"
#include "watchdog/drill/drill_config.h"

namespace vakthund::drill {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// Three positions, each with a stop, and calm prices: danger comes only when it is called.
constexpr const char* kScenario = R"(
symbols:
  BTCUSDT: { price: 92000 }
  BNBUSDT: { price: 900 }
  ETHUSDT: { price: 3000 }
accounts:
  - name: main
    wallet: 5000
    leverage: 10
    positions:
      - { symbol: BNBUSDT, side: SHORT, quantity: 2, entry: 900 }
      - { symbol: BTCUSDT, side: LONG, quantity: 0.02, entry: 92000 }
      - { symbol: ETHUSDT, side: LONG, quantity: 0.5, entry: 3000 }
    algo_orders:
      - { symbol: BNBUSDT, side: BUY, type: STOP_MARKET, trigger: 918, close_position: true, working_type: MARK_PRICE }
      - { symbol: BTCUSDT, side: SELL, type: STOP_MARKET, trigger: 90160, close_position: true, working_type: MARK_PRICE }
      - { symbol: ETHUSDT, side: SELL, type: STOP_MARKET, trigger: 2940, close_position: true, working_type: MARK_PRICE }
)";
constexpr const char* kToken = "a-drill-on-loopback";

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Result<std::unique_ptr<Stage>> Stage::set(const Options& options, const config::Account& account) {
  std::unique_ptr<Stage> stage(new Stage);
  stage->account_ = account.name;
  std::string place = (std::filesystem::temp_directory_path() / "vakthund-drill-XXXXXX").string();
  if (!mkdtemp(place.data())) {
    return error(ErrorKind::unavailable, "no temporary directory can be made: " + place);
  }
  stage->directory_ = place;
  demo::write_private_file(stage->in("scenario.yaml"), kScenario);
  auto started =
      stage->exchange_.start(options.simulator, stage->directory_, stage->in("scenario.yaml"));
  if (started.has_error()) return started.error();
  if (account.bot.container.configured()) {
    const auto made = stage->start_container(options, account.bot.container);
    if (made.has_error()) stage->container_trouble_ = made.error().message;
  }
  if (auto runs = stage->start_daemon(options, account); runs.has_error()) return runs.error();
  return stage;
}

Stage::~Stage() {
  daemon_.reset();
  engine_.reset();
  exchange_.end();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

// The program that plays the exchange is at hand wherever this one is: in the container it does
// nothing but run.
Result<void> Stage::start_container(const Options& options, const config::Container& users) {
  engine_url_ = users.engine;
  const std::string socket = users.engine_socket();
  if (!options.container.empty()) {
    if (options.container == users.name) {
      return error(ErrorKind::refused,
                   "--container names the bot's own container: a drill stops it");
    }
    container_ = options.container;
  } else {
    engine_ = demo::make_real_engine(socket, directory_.string(), "vakthund_drill");
    demo::Engine::Bot bot;
    bot.simulator = options.simulator;
    bot.words = {"--listen", "127.0.0.1:0"};
    if (auto made = engine_->start(bot); made.has_error()) {
      engine_.reset();
      return error(
          made.error().kind,
          made.error().message + "; --container NAME rehearses with one that you have made for it");
    }
    container_ = engine_->container_name();
  }
  if (const std::string state = container_state(); state != "running") {
    container_.clear();
    return error(ErrorKind::unavailable, "the throw-away container does not run: " + state);
  }
  return {};
}

Result<void> Stage::start_daemon(const Options& options, const config::Account& account) {
  Staged staged;
  staged.account = account.name;
  staged.rest_url = exchange_.url();
  staged.stream_url = exchange_.stream_url();
  staged.ca_file = exchange_.ca_file();
  staged.api_key_file = in("api_key");
  staged.api_secret_file = exchange_.api_secret_file();
  staged.container = container_;
  staged.engine = engine_url_;
  staged.listen = fmt::format("127.0.0.1:{}", demo::free_port());
  staged.token_file = in("token");
  staged.database = in("vakthund.db");
  demo::write_private_file(staged.api_key_file, exchange_.api_key());
  demo::write_private_file(staged.token_file, kToken);
  auto config = drill_config(contents(options.config_file), staged);
  if (config.has_error()) return config.error();
  demo::write_private_file(in("vakthund.yaml"), *config);
  auto child = demo::Child::start(options.vakthund, {"run", "--drill", "-c", in("vakthund.yaml")},
                                  in("vakthund.log"));
  if (child.has_error()) return child.error();
  daemon_ = std::move(*child);
  api_ = std::make_unique<server::Client>(staged.listen, kToken);
  for (int i = 0; i < 1000; ++i) {
    if (this->account().has_value()) return {};
    if (!daemon_->runs()) {
      return error(ErrorKind::unavailable, "the drill's daemon did not start: " + contents(log()));
    }
    std::this_thread::sleep_for(10ms);
  }
  return error(ErrorKind::unavailable, "the drill's daemon does not answer: " + contents(log()));
}

Result<Json> Stage::account() const {
  auto status = api_->get("/api/v1/status");
  if (status.has_error()) return status.error();
  const Json accounts = status->value("accounts", Json::array());
  if (accounts.empty()) return error(ErrorKind::invalid, "the status has no account");
  return {boost::system::in_place_value, accounts[0]};
}

Result<void> Stage::kill(const std::string& reason) const {
  auto answer = api_->post("/api/v1/kill", {{"account", account_}, {"reason", reason}});
  if (answer.has_error()) return answer.error();
  return {};
}

Result<void> Stage::let_danger_come() const {
  for (const Json& action : {Json{{"fault", {{"kind", "stop_ignored"}, {"symbol", "BNBUSDT"}}}},
                             Json{{"price", {{"BNBUSDT", 990}}}}}) {
    if (auto done = exchange_.control(action); done.has_error()) return done.error();
  }
  return {};
}

Result<void> Stage::reopen() const {
  return exchange_.control(
      {{"order", {{"symbol", "ETHUSDT"}, {"side", "BUY"}, {"type", "MARKET"}, {"quantity", 0.1}}}});
}

std::string Stage::container_state() const {
  return demo::ask_container(engine_url_, container_, "/State/Status");
}

std::string Stage::restart_policy() const {
  return demo::ask_container(engine_url_, container_, "/HostConfig/RestartPolicy/Name");
}

Result<std::unique_ptr<db::Reader>> Stage::close() {
  daemon_->end();
  return db::Reader::open(in("vakthund.db"));
}

}  // namespace vakthund::drill
