#include <fmt/format.h>

#include "watchdog/bot/bot_api.h"
#include "watchdog/bot/generic.h"

namespace vakthund::bot {
namespace {

class GenericApi : public BotApi {
 public:
  GenericApi(const BotSettings& settings, BotHttp& http) : settings_(settings), http_(http) {}

  void look_at_health(Events& events) override {
    const bool own_page = !settings_.health.url.empty();
    const std::string& url = own_page ? settings_.health.url : settings_.positions.url;
    const auto answer = http_.get(url, settings_.authorization);
    if (!answer) return tell_health_failure(answer.error(), events);
    if (answer->status == 401 || answer->status == 403) {
      return tell_health_failure(unexpected_status(url, answer->status), events);
    }
    if (answer->status < 200 || answer->status > 299) {
      return events.push_back(
          guard::BotHealthSeen{{false, fmt::format("{} answered {}", url, answer->status)}});
    }
    auto reading = decode_health_page(answer->body, own_page ? settings_.health : HealthPage{});
    events.push_back(guard::BotHealthSeen{std::move(reading.health)});
    if (reading.problem.empty()) return;
    tell_problems(model::Feed::bot_health, "the bot's health", {reading.problem}, events);
  }

  void look_at_positions(Events& events) override {
    const std::string& url = settings_.positions.url;
    if (url.empty()) return;
    const auto answer = http_.get(url, settings_.authorization);
    if (!answer) return tell_positions_failure(answer.error(), events);
    if (answer->status != 200) {
      return tell_positions_failure(unexpected_status(url, answer->status), events);
    }
    tell_positions(decode_positions_page(answer->body, settings_.positions), events);
  }

 private:
  const BotSettings& settings_;
  BotHttp& http_;
};

}  // namespace

std::unique_ptr<BotApi> make_generic_api(const BotSettings& settings, BotHttp& http) {
  return std::make_unique<GenericApi>(settings, http);
}

}  // namespace vakthund::bot
