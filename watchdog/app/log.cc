#include "watchdog/app/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace vakthund::app {
namespace {

constexpr std::size_t kMaxLine = 600;

// One line of at most kMaxLine characters, whatever came in from outside.
std::string one_line(std::string text) {
  if (text.size() > kMaxLine) text = text.substr(0, kMaxLine) + "…";
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

spdlog::level::level_enum level_of(model::Severity severity) {
  switch (severity) {
    case model::Severity::info:
      return spdlog::level::info;
    case model::Severity::warning:
      return spdlog::level::warn;
    case model::Severity::critical:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void set_up_log() {
  auto logger =
      std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_command(const std::string& account, const guard::Command& command) {
  if (const auto* alert = std::get_if<guard::Alert>(&command)) {
    const std::string text =
        alert->event == "kill.finished" ? alert->title : alert->title + ": " + alert->text;
    const bool good_news = alert->event == "incident.resolved" || alert->event == "kill.rearmed";
    spdlog::log(good_news ? spdlog::level::info : level_of(alert->severity),
                "account={} event={} incident={} {}", account, alert->event,
                alert->incident.empty() ? "-" : alert->incident, one_line(text));
  } else if (const auto* record = std::get_if<guard::Record>(&command)) {
    spdlog::info("account={} event={} incident={} {}", account, record->kind,
                 record->incident.empty() ? "-" : record->incident,
                 record->kind == "kill.finished" ? "receipt kept" : one_line(record->text));
  }
}

}  // namespace vakthund::app
