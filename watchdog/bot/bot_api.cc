#include "watchdog/bot/bot_api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vakthund::bot {

std::unique_ptr<BotApi> make_bot_api(const BotSettings& settings, BotHttp& http) {
  switch (settings.kind) {
    case BotKind::quantum_trader:
      return settings.url.empty() ? nullptr : make_quantum_trader_api(settings, http);
    case BotKind::freqtrade:
      return settings.url.empty() ? nullptr : make_freqtrade_api(settings, http);
    case BotKind::generic:
      return settings.positions.url.empty() && settings.health.url.empty()
                 ? nullptr
                 : make_generic_api(settings, http);
  }
  return nullptr;
}

Error unexpected_status(const std::string& url, int status) {
  const auto kind = status == 404                    ? ErrorKind::not_found
                    : status == 401 || status == 403 ? ErrorKind::refused
                                                     : ErrorKind::unavailable;
  return error(kind, fmt::format("{} answered {}", url, status), status);
}

void tell_health_failure(const Error& why, Events& events) {
  if (why.kind == ErrorKind::unavailable) {
    events.push_back(guard::BotHealthSeen{{false, why.message}});
  } else {
    events.push_back(guard::FeedFailed{model::Feed::bot_health, why});
  }
}

void tell_positions_failure(Error why, Events& events) {
  events.push_back(guard::FeedFailed{model::Feed::bot_positions, std::move(why)});
}

void tell_positions(Result<PositionsReading> reading, Events& events) {
  if (!reading) return tell_positions_failure(reading.error(), events);
  const std::string first = reading->problems.empty() ? "" : ": " + reading->problems.front();
  if (!reading->complete) {
    return tell_positions_failure(
        error(ErrorKind::invalid, "the bot's positions: a row cannot be read" + first), events);
  }
  events.push_back(guard::BotPositionsRead{std::move(reading->positions)});
  tell_problems(model::Feed::bot_positions, "the bot's positions", reading->problems, events);
}

void tell_problems(model::Feed feed, std::string_view where,
                   const std::vector<std::string>& problems, Events& events) {
  if (problems.empty()) return;
  events.push_back(
      guard::Undecodable{feed, fmt::format("{}: {}", where, fmt::join(problems, "; "))});
}

void cut_problems(PositionsReading& reading) {
  if (reading.problems.size() <= kMaxProblems) return;
  const auto more = reading.problems.size() - kMaxProblems;
  reading.problems.resize(kMaxProblems);
  reading.problems.push_back(fmt::format("and {} more", more));
}

}  // namespace vakthund::bot
