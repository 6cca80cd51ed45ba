#include "watchdog/server/json_parts.h"

namespace vakthund::server {

Json exact(const model::MaybeDecimal& value) { return value ? Json(value->to_string()) : Json(); }

Json ratio(const model::MaybeDecimal& value) {
  constexpr int kRatioPlaces = 4;
  return value ? Json(value->to_fixed(kRatioPlaces)) : Json();
}

Json json_of(const model::Finding& finding) {
  Json evidence = Json::object();
  for (const auto& [name, value] : finding.evidence) evidence[name] = value;
  return {{"rule", finding.rule},       {"severity", model::to_string(finding.severity)},
          {"symbol", finding.symbol},   {"position_side", model::to_string(finding.position_side)},
          {"message", finding.message}, {"evidence", evidence}};
}

Json json_of(const UndecidedView& undecided) {
  return {{"rule", undecided.rule}, {"symbol", undecided.symbol}, {"why", undecided.why}};
}

std::string document_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace vakthund::server
