// Sends every alert to one Telegram chat through the Bot API's sendMessage
// (core.telegram.org/bots/api#sendmessage, #making-requests). Several chats are several sinks, so
// that a chat which took an alert is not sent it again because another did not.
//
// The text is HTML; when Telegram cannot parse it, it is sent once more as plain text. It never
// exceeds 4096 characters. A group that became a supergroup is followed to its new id for the
// life of the sink, and every delivery says so until the configuration names it.
//
// What Telegram answers: 429 retry after parameters.retry_after; 5xx retry; 401 and 404 refused:
// the token; 403 refused: the chat has blocked or removed the bot; 400 refused: the chat is
// unknown to the bot. 200 without {"ok":true} is somebody else's answer: retry.
//
// The token is part of the URL. It is in no error, no name and no log.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "alerts/sink.h"

namespace vakthund::alerts {

struct TelegramSettings {
  std::string token;         // as given by @BotFather; spaces and newlines around it are cut
  std::int64_t chat_id = 0;  // groups are negative; the sink's name is "telegram:CHAT_ID"
  std::string api_url = "https://api.telegram.org";
  std::string ca_file;  // PEM; empty: the system's
  model::Severity min_severity = model::Severity::warning;
  model::Duration timeout = std::chrono::seconds(10);
};

// `invalid` for a token or an api_url that cannot be one, or a CA file that cannot be read.
Result<std::unique_ptr<Sink>> make_telegram(TelegramSettings settings);

}  // namespace vakthund::alerts
