#include "watchdog/bot/bot_api.h"
#include "watchdog/bot/quantum_trader.h"

namespace vakthund::bot {
namespace {

constexpr const char* kPositions = "/api/positions";
constexpr const char* kOlderPositions = "/positions";

class QuantumTraderApi : public BotApi {
 public:
  QuantumTraderApi(const BotSettings& settings, BotHttp& http) : settings_(settings), http_(http) {}

  void look_at_health(Events& events) override {
    const auto answer = http_.get(settings_.url + "/health", settings_.authorization);
    if (!answer) return tell_health_failure(answer.error(), events);
    if (answer->status == 401 || answer->status == 403) {
      return tell_health_failure(unexpected_status(settings_.url + "/health", answer->status),
                                 events);
    }
    events.push_back(guard::BotHealthSeen{decode_health(answer->status, answer->body)});
  }

  void look_at_positions(Events& events) override {
    auto answer = http_.get(settings_.url + path_, settings_.authorization);
    if (answer && answer->status == 404) {
      path_ = path_ == kPositions ? kOlderPositions : kPositions;
      answer = http_.get(settings_.url + path_, settings_.authorization);
    }
    if (!answer) return tell_positions_failure(answer.error(), events);
    if (answer->status != 200) {
      return tell_positions_failure(unexpected_status(settings_.url + path_, answer->status),
                                    events);
    }
    tell_positions(decode_positions(answer->body), events);
  }

 private:
  const BotSettings& settings_;
  BotHttp& http_;
  std::string path_ = kPositions;  // the one that answered last
};

}  // namespace

std::unique_ptr<BotApi> make_quantum_trader_api(const BotSettings& settings, BotHttp& http) {
  return std::make_unique<QuantumTraderApi>(settings, http);
}

}  // namespace vakthund::bot
