#include "alerts/telegram.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "alerts/http_post.h"
#include "alerts/telegram_reply.h"
#include "alerts/telegram_text.h"

namespace vakthund::alerts {
namespace {

class Telegram : public Sink {
 public:
  Telegram(TelegramSettings settings, HttpPost http)
      : settings_(std::move(settings)),
        http_(std::move(http)),
        name_(fmt::format("telegram:{}", settings_.chat_id)),
        chat_(settings_.chat_id) {}

  const std::string& name() const override { return name_; }
  model::Severity min_severity() const override { return settings_.min_severity; }

  Delivery deliver(const Message& message, std::stop_token stop) override {
    TelegramReply reply = send(telegram_html(message), "HTML", stop);
    if (reply.migrated_to && *reply.migrated_to != chat_) {
      chat_ = *reply.migrated_to;
      reply = send(telegram_html(message), "HTML", stop);
    }
    if (reply.cannot_parse) reply = send(telegram_plain(message), "", stop);
    Delivery delivery = reply.delivery;
    delivery.why = without_token(std::move(delivery.why));
    if (chat_ != settings_.chat_id) {
      delivery.why += fmt::format("{}the group's chat id is now {}; configure that",
                                  delivery.why.empty() ? "" : "; ", chat_);
    }
    return delivery;
  }

 private:
  TelegramReply send(const std::string& text, const std::string& mode, std::stop_token stop) {
    nlohmann::ordered_json json = {
        {"chat_id", chat_}, {"text", text}, {"disable_web_page_preview", true}};
    if (!mode.empty()) json["parse_mode"] = mode;
    const std::string base = http_.address().target;
    const std::string target =
        (base == "/" ? "" : base) + "/bot" + settings_.token + "/sendMessage";
    const auto reply = http_.post(target, {}, json.dump(-1, ' ', false, kReplace),
                                  settings_.timeout, std::move(stop));
    if (!reply) return {Delivery::retry(reply.error().message)};
    return read_telegram_reply(*reply);
  }

  // Whoever answers may repeat the path we asked for.
  std::string without_token(std::string text) const {
    for (auto at = text.find(settings_.token); at != std::string::npos;
         at = text.find(settings_.token)) {
      text.replace(at, settings_.token.size(), "***");
    }
    return text;
  }

  static constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  const TelegramSettings settings_;
  const HttpPost http_;
  const std::string name_;
  std::int64_t chat_;  // where the group lives now
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// It becomes part of a request line: nothing but what tokens are made of may pass.
bool is_token(const std::string& text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:";
  return text.size() >= 10 && text.size() <= 256 &&
         text.find_first_not_of(kAllowed) == std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Sink>> make_telegram(TelegramSettings settings) {
  settings.token = trimmed(settings.token);
  while (settings.api_url.ends_with('/')) settings.api_url.pop_back();
  if (!is_token(settings.token)) {
    return error(ErrorKind::invalid,
                 "telegram: the token is none; @BotFather gives one such as "
                 "123456:letters");
  }
  if (settings.chat_id == 0) return error(ErrorKind::invalid, "telegram: a chat id is missing");
  auto address = HttpAddress::parse(settings.api_url);
  if (!address) return error(ErrorKind::invalid, "telegram: api_url: " + address.error().message);
  auto http = HttpPost::create(std::move(*address), settings.ca_file);
  if (!http) return error(ErrorKind::invalid, "telegram: " + http.error().message);
  return std::unique_ptr<Sink>(new Telegram(std::move(settings), std::move(*http)));
}

}  // namespace vakthund::alerts
