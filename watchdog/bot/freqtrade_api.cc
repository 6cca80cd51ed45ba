// freqtrade's REST API and its login. A token is asked for with the user's name and password, used
// until the bot calls it expired (401), and asked for once more then; a second 401 is an answer. A
// bot without tokens gets name and password with each request. Source: bots.md, "freqtrade".
#include <Poco/Base64Encoder.h>
#include <fmt/format.h>

#include <sstream>

#include "watchdog/bot/bot_api.h"
#include "watchdog/bot/freqtrade.h"

namespace vakthund::bot {
namespace {

constexpr const char* kPing = "/api/v1/ping";
constexpr const char* kHealth = "/api/v1/health";
constexpr const char* kStatus = "/api/v1/status";
constexpr const char* kStopEntry = "/api/v1/stopentry";
constexpr const char* kLogin = "/api/v1/token/login";

std::string basic(const std::string& username, const std::string& password) {
  std::ostringstream text;
  Poco::Base64Encoder encoder(text);
  encoder.rdbuf()->setLineLength(0);
  encoder << username << ':' << password;
  encoder.close();
  return "Basic " + text.str();
}

class FreqtradeApi : public BotApi {
 public:
  FreqtradeApi(const BotSettings& settings, BotHttp& http) : settings_(settings), http_(http) {
    if (!settings.username.empty()) basic_ = basic(settings.username, settings.password);
  }

  void look_at_health(Events& events) override {
    const auto ping = http_.get(settings_.url + kPing);
    if (!ping) return tell_health_failure(ping.error(), events);
    if (ping->status == 401 || ping->status == 403) {  // it refuses us: that is not silence
      return tell_health_failure(unexpected_status(settings_.url + kPing, ping->status), events);
    }
    if (ping->status != 200) {
      return events.push_back(guard::BotHealthSeen{
          {false, fmt::format("the bot's {} answered {}", kPing, ping->status)}});
    }
    const auto answer = ask(kHealth);
    if (!answer) return tell_health_failure(answer.error(), events);
    if (answer->status == 404) {  // a build from before it had one
      return events.push_back(guard::BotHealthSeen{{true, "answers; it does not tell progress"}});
    }
    if (answer->status != 200) {
      const Error why = unexpected_status(settings_.url + kHealth, answer->status);
      return tell_health_failure(why, events);
    }
    auto health = decode_freqtrade_health(answer->body);
    if (!health) return tell_health_failure(health.error(), events);
    events.push_back(guard::BotHealthSeen{*std::move(health)});
  }

  void look_at_positions(Events& events) override {
    const auto answer = ask(kStatus);
    if (!answer) return tell_positions_failure(answer.error(), events);
    if (answer->status != 200) {
      return tell_positions_failure(unexpected_status(settings_.url + kStatus, answer->status),
                                    events);
    }
    tell_positions(decode_open_trades(answer->body), events);
  }

  Result<void> stop_entries() override {
    const auto answer = ask(kStopEntry, &BotHttp::post);
    if (!answer) return answer.error();
    if (answer->status == 200) return {};
    return unexpected_status(settings_.url + kStopEntry, answer->status);
  }

 private:
  using Send = Result<HttpAnswer> (BotHttp::*)(const std::string&, const std::string&);
  // Said twice, it changes nothing more: an expired token may be exchanged for a new one.
  Result<HttpAnswer> ask(const char* path, Send send = &BotHttp::get) {
    const std::string url = settings_.url + path;
    if (basic_.empty()) return (http_.*send)(url, settings_.authorization);
    const bool fresh = bearer_.empty();
    if (auto ok = log_in_if_needed(); !ok) return ok.error();
    auto answer = (http_.*send)(url, bearer_);
    if (!answer || answer->status != 401) return answer;
    bearer_.clear();
    if (fresh) return answer;
    if (auto ok = log_in_if_needed(); !ok) return ok.error();
    answer = (http_.*send)(url, bearer_);
    if (answer && answer->status == 401) bearer_.clear();
    return answer;
  }

  Result<void> log_in_if_needed() {
    if (!bearer_.empty()) return {};
    const std::string url = settings_.url + kLogin;
    const auto answer = http_.post(url, basic_);
    if (!answer) return answer.error();
    if (answer->status == 404 || answer->status == 405) {
      bearer_ = basic_;
      return {};
    }
    if (answer->status == 401 || answer->status == 403) {
      return error(ErrorKind::refused,
                   fmt::format("{} answered {}: compare bot.username and bot.password with the "
                               "bot's api_server settings",
                               url, answer->status),
                   answer->status);
    }
    if (answer->status != 200) return unexpected_status(url, answer->status);
    auto token = decode_login(answer->body);
    if (!token) return token.error();
    bearer_ = "Bearer " + *token;
    return {};
  }

  const BotSettings& settings_;
  BotHttp& http_;
  std::string basic_;   // empty: no user is configured
  std::string bearer_;  // what requests carry; empty: not logged in
};

}  // namespace

std::unique_ptr<BotApi> make_freqtrade_api(const BotSettings& settings, BotHttp& http) {
  return std::make_unique<FreqtradeApi>(settings, http);
}

}  // namespace vakthund::bot
