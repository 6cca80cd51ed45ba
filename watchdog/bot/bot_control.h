// What a bot's API is asked to do, beside what is read of it: a connection and a login of its own,
// so that it never waits behind a look. Errors: as BotHttp's, and what the bot refused.
// Threads: one at a time; blocks, at most some BotHttp::kTimeout; `interrupt` from any.
#pragma once

#include <memory>

#include "watchdog/bot/bot_api.h"

namespace vakthund::bot {

class BotControl {
 public:
  explicit BotControl(BotSettings settings)
      : settings_(std::move(settings)), http_(settings_.ca_file) {
    while (settings_.url.ends_with('/')) settings_.url.pop_back();
    api_ = make_bot_api(settings_, http_);
  }
  BotControl(const BotControl&) = delete;
  BotControl& operator=(const BotControl&) = delete;

  Result<void> stop_entries() {
    return api_ ? api_->stop_entries() : error(ErrorKind::invalid, "no url of the bot is known");
  }
  void interrupt() { http_.interrupt(); }

 private:
  BotSettings settings_;
  BotHttp http_;
  std::unique_ptr<BotApi> api_;
};

}  // namespace vakthund::bot
