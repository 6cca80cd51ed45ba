#include "alerts/telegram_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerts/http_meaning.h"
#include "alerts/text.h"

namespace vakthund::alerts {
namespace {

using Json = nlohmann::json;

// Telegram's own words, short and on one line.
std::string description(const Json& json) {
  const auto found = json.find("description");
  if (found == json.end() || !found->is_string()) return "";
  std::string text = cut(clean(found->get<std::string>()), 200);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::optional<std::int64_t> parameter(const Json& json, const char* name) {
  const auto parameters = json.find("parameters");
  if (parameters == json.end() || !parameters->is_object()) return std::nullopt;
  const auto found = parameters->find(name);
  if (found == parameters->end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

std::string explained(int code, const std::string& said, const char* advice) {
  return fmt::format("Telegram {}: {}{}", code, said.empty() ? "no description" : said, advice);
}

// Of what no advice is known, HTTP's table decides.
Delivery failure(int code, const std::string& said, std::optional<model::Duration> after) {
  switch (code) {
    case 400:
      return Delivery::refused(
          explained(400, said, "; check the chat id and that the chat knows the bot"));
    case 401:
    case 404:
      return Delivery::refused(explained(code, said, "; the token is not accepted"));
    case 403:
      return Delivery::refused(explained(403, said, "; the chat must let the bot in again"));
    default: {
      Delivery delivery = meaning_of(code, after);
      if (!said.empty()) delivery.why = explained(code, said, "");
      return delivery;
    }
  }
}

}  // namespace

TelegramReply read_telegram_reply(const HttpReply& reply) {
  const Json json = Json::parse(reply.body, nullptr, false);
  const bool readable = json.is_object() && json.contains("ok") && json["ok"].is_boolean();
  if (!readable) {
    if (reply.status == 200)
      return {Delivery::retry("HTTP 200, but that is no answer of Telegram's")};
    return {failure(reply.status, "", reply.retry_after)};
  }
  if (json["ok"].get<bool>()) return {Delivery::delivered()};
  int code = reply.status;
  if (json.contains("error_code") && json["error_code"].is_number_integer()) {
    code = static_cast<int>(json["error_code"].get<std::int64_t>());
  }
  // "ok": false in a 2xx must not pass for success.
  if (code < 300) code = 500;
  auto after = reply.retry_after;
  if (const auto seconds = parameter(json, "retry_after")) {
    after = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, 3600));
  }
  const std::string said = description(json);
  TelegramReply result{failure(code, said, after)};
  result.migrated_to = parameter(json, "migrate_to_chat_id");
  result.cannot_parse = code == 400 && (said.find("can't parse") != std::string::npos ||
                                        said.find("too long") != std::string::npos);
  return result;
}

}  // namespace vakthund::alerts
