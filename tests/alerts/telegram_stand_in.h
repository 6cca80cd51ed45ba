// A Telegram that is as strict as the real one where it matters: the token, the chat, the HTML and
// the length. Source: core.telegram.org/bots/api (making requests, html-style, sendMessage).
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "alerts/text.h"
#include "tests/alerts/local_server.h"

namespace vakthund::alerts {

class TelegramStandIn {
 public:
  static constexpr const char* kToken = "123456:AAsecret-Token_9";

  explicit TelegramStandIn(Poco::Net::Context::Ptr tls = nullptr)
      : server_([this](const SeenRequest& request) { return answer(request); }, tls) {}

  std::string url() const { return server_.url(""); }

  // The next requests are answered with these instead, in order.
  void fail_next(CannedReply reply) { failures_.push_back(std::move(reply)); }
  void add_chat(std::int64_t id) { texts_[id]; }

  static CannedReply error(int code, const std::string& description, nlohmann::json more = {}) {
    nlohmann::json body = {{"ok", false}, {"error_code", code}, {"description", description}};
    if (!more.is_null()) body["parameters"] = std::move(more);
    return {code, body.dump(), {}};
  }

  std::vector<std::string> texts(std::int64_t chat) { return texts_[chat]; }
  std::size_t requests() const { return server_.seen().size(); }

 private:
  CannedReply answer(const SeenRequest& request) {
    if (!failures_.empty()) {
      CannedReply failure = failures_.front();
      failures_.pop_front();
      return failure;
    }
    if (request.target != std::string("/bot") + kToken + "/sendMessage") {
      return error(401, "Unauthorized");
    }
    const auto json = nlohmann::json::parse(request.body, nullptr, false);
    if (!json.is_object() || request.content_type != "application/json") {
      return error(400, "Bad Request: message text is empty");
    }
    const auto chat = texts_.find(json.value("chat_id", std::int64_t{0}));
    if (chat == texts_.end()) return error(400, "Bad Request: chat not found");
    const std::string text = json.value("text", "");
    if (text.empty()) return error(400, "Bad Request: message text is empty");
    if (utf16_length(text) > 4096) return error(400, "Bad Request: message is too long");
    if (json.value("parse_mode", "") == "HTML") {
      if (const auto flaw = html_flaw(text)) {
        return error(400, "Bad Request: can't parse entities: " + *flaw);
      }
    }
    chat->second.push_back(text);
    return {200, R"({"ok":true,"result":{"message_id":1}})", {}};
  }

  // Only <b> and <i>, closed in their order, and the four named entities.
  static std::optional<std::string> html_flaw(std::string_view text) {
    std::vector<std::string> open;
    while (!text.empty()) {
      const char first = text.front();
      if (first == '&') {
        const std::string_view entity = text.substr(0, text.find(';') + 1);
        if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;") {
          return "unexpected &";
        }
      } else if (first == '>') {
        return "unexpected >";
      } else if (first == '<') {
        const std::string tag(text.substr(0, text.find('>') + 1));
        if (tag == "<b>" || tag == "<i>") {
          open.push_back("</" + tag.substr(1));
        } else if (!open.empty() && tag == open.back()) {
          open.pop_back();
        } else {
          return "unsupported start tag";
        }
        text.remove_prefix(tag.size() - 1);
      }
      text.remove_prefix(1);
    }
    if (!open.empty()) return "can't find end tag";
    return std::nullopt;
  }

  std::deque<CannedReply> failures_;
  std::map<std::int64_t, std::vector<std::string>> texts_;
  LocalServer server_;  // last: it answers from what is above
};

}  // namespace vakthund::alerts
