#include "alerts/message.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "alerts/text.h"

namespace vakthund::alerts {
namespace {

using Json = nlohmann::ordered_json;
using model::Severity;

constexpr const char* kVersion = "1";

std::string line(std::string_view text, std::size_t max_bytes) {
  std::string cleaned = clean(text);
  for (char& c : cleaned) c = c == '\n' ? ' ' : c;
  return cut(cleaned, max_bytes);
}

std::optional<Severity> parse_severity(const std::string& text) {
  for (const Severity severity : {Severity::info, Severity::warning, Severity::critical}) {
    if (to_string(severity) == text) return severity;
  }
  return std::nullopt;
}

Json finding_json(const model::Finding& finding) {
  Json evidence = Json::object();
  for (const auto& [name, value] : finding.evidence) {
    if (evidence.size() >= kMaxEvidence) break;
    evidence[line(name, kMaxTitle)] = cut(clean(value), kMaxEvidenceValue);
  }
  return {{"rule", line(finding.rule, kMaxTitle)},
          {"severity", to_string(finding.severity)},
          {"symbol", line(finding.symbol, kMaxTitle)},
          {"position_side", to_string(finding.position_side)},
          {"message", cut(clean(finding.message), kMaxText)},
          {"evidence", std::move(evidence)}};
}

Json detail_json(const std::string& text) {
  if (text.size() > kMaxDetail) {
    return fmt::format("left out: {} bytes are more than an alert carries", text.size());
  }
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json(clean(text)) : parsed;
}

// Missing or of another type: empty.
std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Exactly as to_iso8601 writes it: "2025-11-20T01:23:00.123Z".
std::optional<model::WallTime> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int ms = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hour, &minute,
                  &second, &ms) != 7) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const model::WallTime time = std::chrono::sys_days(date) + std::chrono::hours(hour) +
                               std::chrono::minutes(minute) + std::chrono::seconds(second) +
                               std::chrono::milliseconds(ms);
  if (model::to_iso8601(time) != text) return std::nullopt;
  return time;
}

std::optional<model::Finding> parse_finding(const Json& json) {
  const auto severity = parse_severity(text_of(json, "severity"));
  if (!severity) return std::nullopt;
  model::Finding finding;
  finding.rule = text_of(json, "rule");
  finding.severity = *severity;
  finding.symbol = text_of(json, "symbol");
  finding.position_side =
      model::Open<model::PositionSide>::parse(text_of(json, "position_side")).value();
  finding.message = text_of(json, "message");
  const auto evidence = json.find("evidence");
  if (evidence != json.end() && evidence->is_object()) {
    for (const auto& [name, value] : evidence->items()) {
      finding.evidence.emplace_back(name, value.is_string() ? value.get<std::string>() : "");
    }
  }
  return finding;
}

Error unreadable(const char* what) {
  return error(ErrorKind::invalid, fmt::format("a remembered alert cannot be read: {}", what));
}

}  // namespace

std::string to_webhook_body(const Message& message) {
  Json json = {{"version", kVersion},
               {"id", line(message.key, kMaxTitle)},
               {"event", line(message.event, kMaxTitle)},
               {"incident", line(message.incident, kMaxTitle)},
               {"account", line(message.account, kMaxTitle)},
               {"severity", to_string(message.severity)},
               {"title", line(message.title, kMaxTitle)},
               {"text", cut(clean(message.text), kMaxText)},
               {"time", model::to_iso8601(message.time)}};
  if (!message.finding.rule.empty()) json["finding"] = finding_json(message.finding);
  if (!message.detail_json.empty()) json["detail"] = detail_json(message.detail_json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Message> from_webhook_body(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return unreadable("it is not a JSON object");
  if (text_of(json, "version") != kVersion) return unreadable("its version is not 1");
  const auto severity = parse_severity(text_of(json, "severity"));
  const auto time = parse_time(text_of(json, "time"));
  if (!severity) return unreadable("its severity is unknown");
  if (!time) return unreadable("its time is none");
  Message message;
  message.key = text_of(json, "id");
  message.event = text_of(json, "event");
  message.incident = text_of(json, "incident");
  message.account = text_of(json, "account");
  message.severity = *severity;
  message.title = text_of(json, "title");
  message.text = text_of(json, "text");
  message.time = *time;
  if (json.contains("finding")) {
    auto finding = parse_finding(json["finding"]);
    if (!finding) return unreadable("its finding has no severity");
    message.finding = std::move(*finding);
  }
  if (json.contains("detail")) {
    message.detail_json = json["detail"].dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return message;
}

}  // namespace vakthund::alerts
