#include "watchdog/drill/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "watchdog/server/text_writer.h"

namespace vakthund::drill {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Json ms_of(const std::optional<model::Duration>& took) {
  return took ? Json(std::chrono::duration_cast<milliseconds>(*took).count()) : Json();
}

server::Overall mood_of(Leg::Result result) {
  switch (result) {
    case Leg::Result::ok:
      return server::Overall::ok;
    case Leg::Result::failed:
      return server::Overall::critical;
    case Leg::Result::skipped:
      break;
  }
  return server::Overall::unknown;
}

}  // namespace

std::string_view to_string(Leg::Result result) {
  switch (result) {
    case Leg::Result::ok:
      return "ok";
    case Leg::Result::failed:
      return "failed";
    case Leg::Result::skipped:
      break;
  }
  return "skipped";
}

bool Report::ok() const { return !legs.empty() && failed().empty(); }

std::vector<std::string> Report::failed() const {
  std::vector<std::string> names;
  for (const Leg& leg : legs) {
    if (leg.result == Leg::Result::failed) names.push_back(leg.name);
  }
  return names;
}

std::string report_text(const Report& report, bool colour, std::size_t columns) {
  server::TextWriter text({colour, columns});
  const auto mood = report.ok() ? server::Overall::ok : server::Overall::critical;
  const std::size_t bad = report.failed().size();
  text.headline(report.ok() ? "EVERY LEG WORKED" : server::counted(bad, "leg") + " FAILED", mood,
                {"drill of account " + report.account, server::shown_time(report.began),
                 "on a simulated exchange: nothing real was touched"});
  text.line();
  for (const Leg& leg : report.legs) {
    const std::string took = leg.took ? " (" + model::to_text(*leg.took) + ")" : "";
    text.entry(server::upper(to_string(leg.result)), leg.name + took + ": " + leg.words,
               mood_of(leg.result));
  }
  return text.take();
}

std::string report_json(const Report& report) {
  Json legs = Json::array();
  for (const Leg& leg : report.legs) {
    legs.push_back({{"name", leg.name},
                    {"result", to_string(leg.result)},
                    {"took_ms", ms_of(leg.took)},
                    {"words", leg.words}});
  }
  const Json document = {{"ok", report.ok()},
                         {"account", report.account},
                         {"began", model::to_iso8601(report.began)},
                         {"flat_after_ms", ms_of(report.flat_after)},
                         {"failed", report.failed()},
                         {"legs", std::move(legs)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vakthund::drill
