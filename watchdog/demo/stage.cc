#include "watchdog/demo/stage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <thread>

namespace vakthund::demo {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// Secrets of a world that lasts a minute and listens on loopback.
constexpr const char* kToken = "demo-token-of-this-machine";
constexpr const char* kWebhookSecret = "demo-webhook-secret";

}  // namespace

Result<std::unique_ptr<Stage>> Stage::set(const Options& options, Receiver::OnAlert on_alert) {
  std::unique_ptr<Stage> stage(new Stage);
  stage->directory_ =
      std::filesystem::temp_directory_path() / fmt::format("vakthund-demo-{}", getpid());
  std::filesystem::create_directory(stage->directory_);
  stage->receiver_ = std::make_unique<Receiver>(kWebhookSecret, std::move(on_alert));
  if (auto started = stage->exchange_.start(options.simulator, stage->directory_);
      started.has_error()) {
    return started.error();
  }
  for (const auto step : {&Stage::start_bot, &Stage::start_vakthund}) {
    if (auto done = (stage.get()->*step)(options); done.has_error()) return done.error();
  }
  return stage;
}

Stage::~Stage() {
  vakthund_.reset();
  engine_.reset();
  exchange_.end();
  receiver_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Result<void> Stage::start_bot(const Options& options) {
  write_bot_script(options, in("bot.yaml"));
  bot_port_ = free_port();
  Engine::Bot bot;
  bot.simulator = options.simulator;
  bot.directory = directory_;
  bot.words = {"bot",
               "--exchange",
               exchange_.url(),
               "--ca-file",
               exchange_.ca_file(),
               "--api-key",
               exchange_.api_key(),
               "--api-secret-file",
               exchange_.api_secret_file(),
               "--listen",
               fmt::format("127.0.0.1:{}", bot_port_),
               "--journal",
               in("trades.db"),
               "--script",
               in("bot.yaml")};
  engine_ = Engine::find(options.simulator, directory_);
  bot_is = engine_->what();
  return engine_->start(bot);
}

// The remedy that was chosen in the night: an order type that does not exist on these futures.
void Stage::write_bot_script(const Options& options, const std::string& file) {
  std::string text = fmt::format(
      "- {{ at: {}ms, log: \"🔧 replacing the stops with order type STOP_LOSS\" }}\n"
      "- {{ at: {}ms, cancel_stops: [BNBUSDT, BTCUSDT, SOLUSDT] }}\n",
      options.fix_after.count(), options.fix_after.count());
  for (const auto& [symbol, quantity, stop] : {std::tuple{"BNBUSDT", "2.17", "914.74"},
                                               {"BTCUSDT", "0.013", "93339.10"},
                                               {"SOLUSDT", "1.2", "141.79"}}) {
    text += fmt::format(
        "- {{ at: {}ms, place_order: {{ symbol: {}, side: BUY, type: STOP_LOSS, quantity: {}, "
        "stopPrice: {}, reduceOnly: \"true\" }} }}\n",
        options.fix_after.count(), symbol, quantity, stop);
  }
  write_private_file(file, text);
}

Result<void> Stage::start_vakthund(const Options& options) {
  write_config(options, in("vakthund.yaml"));
  auto child =
      Child::start(options.vakthund, {"run", "-c", in("vakthund.yaml")}, in("vakthund.log"));
  if (child.has_error()) return child.error();
  vakthund_ = std::move(*child);
  api_ = std::make_unique<server::Client>(fmt::format("127.0.0.1:{}", dashboard_port), kToken);
  for (int i = 0; i < 500; ++i) {
    if (status().has_value()) return {};
    if (!vakthund_->runs()) {
      const auto line = vakthund_->first_line(0ms);
      return error(ErrorKind::unavailable, line.has_value() ? *line : line.error().message);
    }
    std::this_thread::sleep_for(10ms);
  }
  return error(ErrorKind::unavailable, "vakthund run does not answer, see " + vakthund_->log());
}

void Stage::write_config(const Options& options, const std::string& file) {
  dashboard_port = free_port();
  write_private_file(in("api_key"), exchange_.api_key());
  write_private_file(in("token"), kToken);
  write_private_file(in("webhook_secret"), kWebhookSecret);
  write_private_file(
      file,
      fmt::format(R"(mode: armed
accounts:
  - name: main
    environment: custom
    rest_url: {rest}
    stream_url: {stream}
    ca_file: {ca}
    api_key_file: {dir}/api_key
    api_secret_file: {secret}
    poll_interval: 1s
    bot:
      preset: quantum-trader
      url: http://127.0.0.1:{bot_port}
      journal: {{ sqlite: {dir}/trades.db }}
      container: {{ name: {container}, engine: "unix://{socket}" }}
rules:
  stop_crossed: {{ for: {hold}, severity: critical, action: kill, enforce: act }}
  unprotected: {{ for: {hold}, severity: critical, action: alert }}
alerts:
  webhook: [ {{ url: "{webhook}", secret_file: {dir}/webhook_secret, min_severity: warning }} ]
server: {{ listen: "127.0.0.1:{port}", token_file: {dir}/token }}
database: {{ path: {dir}/vakthund.db }}
)",
                  fmt::arg("rest", exchange_.url()), fmt::arg("stream", exchange_.stream_url()),
                  fmt::arg("ca", exchange_.ca_file()), fmt::arg("dir", directory_.string()),
                  fmt::arg("secret", exchange_.api_secret_file()), fmt::arg("bot_port", bot_port_),
                  fmt::arg("container", engine_->container_name()),
                  fmt::arg("socket", engine_->socket_path()), fmt::arg("hold", options.hold),
                  fmt::arg("webhook", receiver_->url()), fmt::arg("port", dashboard_port)));
}

std::string Stage::status_text(bool colour) const {
  const auto text =
      api_->get_text(std::string("/api/v1/status?format=") + (colour ? "colour" : "text"));
  return text.has_value() ? *text : text.error().message + "\n";
}

Result<void> Stage::move_price(const std::string& symbol, const std::string& to,
                               std::chrono::milliseconds over) {
  return exchange_.control(
      {{"move", {{"symbol", symbol}, {"to", to}, {"over", fmt::format("{}ms", over.count())}}}});
}

}  // namespace vakthund::demo
