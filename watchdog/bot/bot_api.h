// What a bot's HTTP side says, whichever bot it is, as events: for BotSource, whose header says
// which. Each look tells one thing for certain: the fact, or that it could not be had.
//
// A refusal of *us* (401, 403, an untrusted certificate) is not the bot's silence: it is
// FeedFailed, never "down".
// Threads: one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "watchdog/bot/bot_http.h"
#include "watchdog/bot/bot_settings.h"
#include "watchdog/bot/positions_reading.h"
#include "watchdog/guard/event.h"

namespace vakthund::bot {

using Events = std::vector<guard::Event>;

class BotApi {
 public:
  virtual ~BotApi() = default;
  virtual void look_at_health(Events& events) = 0;
  virtual void look_at_positions(Events& events) = 0;
  // From here on the bot opens nothing new. `invalid`: this bot has no such call.
  virtual Result<void> stop_entries() {
    return error(ErrorKind::invalid, "this bot's API cannot stop entries");
  }
};

// Null where the settings name no URL. `settings` and `http` must outlive it.
std::unique_ptr<BotApi> make_bot_api(const BotSettings& settings, BotHttp& http);

// --- for the bots' own files ------------------------------------------------------------------

std::unique_ptr<BotApi> make_quantum_trader_api(const BotSettings& settings, BotHttp& http);
std::unique_ptr<BotApi> make_freqtrade_api(const BotSettings& settings, BotHttp& http);
std::unique_ptr<BotApi> make_generic_api(const BotSettings& settings, BotHttp& http);

// What an answer without content means: not_found (404), refused (401, 403), unavailable.
Error unexpected_status(const std::string& url, int status);

// The question itself failed: the bot is down where it could not be reached, else FeedFailed.
void tell_health_failure(const Error& why, Events& events);
void tell_positions_failure(Error why, Events& events);
void tell_positions(Result<PositionsReading> reading, Events& events);
// After what was read: a later reading without problems says that they are gone.
void tell_problems(model::Feed feed, std::string_view where,
                   const std::vector<std::string>& problems, Events& events);

}  // namespace vakthund::bot
