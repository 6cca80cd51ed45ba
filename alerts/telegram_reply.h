// What the Bot API's answer to sendMessage means. Source:
// core.telegram.org/bots/api#making-requests
// ("ok", "description", "error_code", "parameters"), #responseparameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "alerts/http_post.h"
#include "alerts/sink.h"

namespace vakthund::alerts {

struct TelegramReply {
  Delivery delivery;
  bool cannot_parse = false;                  // the markup, not the words: plain text may pass
  std::optional<std::int64_t> migrated_to{};  // the group lives on under this chat id
};

TelegramReply read_telegram_reply(const HttpReply& reply);

}  // namespace vakthund::alerts
