#include "alerts/telegram_text.h"

#include <string_view>
#include <vector>

#include "alerts/text.h"

namespace vakthund::alerts {
namespace {

constexpr std::string_view kCutMark = "\n… (cut)";

std::string_view light(const Message& message) {
  if (message.event == "incident.resolved") return "🟢";
  switch (message.severity) {
    case model::Severity::info:
      return "🔵";
    case model::Severity::warning:
      return "🟠";
    case model::Severity::critical:
      return "🔴";
  }
  return "";
}

std::string as_is(std::string_view text) { return std::string(text); }

// Escapes character by character as long as they fit.
std::string fitted(std::string_view text, std::size_t room,
                   std::string (*escape)(std::string_view)) {
  std::string whole = escape(text);
  if (utf16_length(whole) <= room) return whole;
  std::string result;
  std::size_t left = room - std::min(room, utf16_length(kCutMark));
  while (!text.empty()) {
    const std::size_t bytes = first_character(text).bytes;
    const std::string next = escape(text.substr(0, bytes));
    const std::size_t length = utf16_length(next);
    if (length > left) break;
    left -= length;
    result += next;
    text.remove_prefix(bytes);
  }
  return result + std::string(kCutMark);
}

std::string footer(const Message& message) {
  std::vector<std::string> parts;
  if (!message.account.empty()) parts.push_back(message.account);
  if (!message.incident.empty()) parts.push_back(message.incident);
  parts.push_back(model::to_iso8601(message.time));
  std::string joined;
  for (const std::string& part : parts) {
    joined += joined.empty() ? "" : " · ";
    joined += cut(clean(part), 200);
  }
  return joined;
}

std::string compose(const Message& message, std::string (*escape)(std::string_view),
                    std::string_view bold, std::string_view unbold, std::string_view italic,
                    std::string_view unitalic) {
  std::string head{light(message)};
  head += " ";
  head += bold;
  head += escape(cut(clean(message.title), kMaxTitle));
  head += unbold;
  std::string tail = "\n\n";
  tail += italic;
  tail += escape(footer(message));
  tail += unitalic;
  const std::string text = clean(message.text);
  if (text.empty()) return head + tail;
  head += "\n";
  const std::size_t room = kTelegramLimit - utf16_length(head) - utf16_length(tail);
  return head + fitted(text, room, escape) + tail;
}

}  // namespace

std::string telegram_html(const Message& message) {
  return compose(message, escape_html, "<b>", "</b>", "<i>", "</i>");
}

std::string telegram_plain(const Message& message) {
  return compose(message, as_is, "", "", "", "");
}

}  // namespace vakthund::alerts
