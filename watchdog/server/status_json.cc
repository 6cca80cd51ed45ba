#include "watchdog/server/status_json.h"

#include <nlohmann/json.hpp>

namespace vakthund::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRatioPlaces = 4;

Json exact(const model::MaybeDecimal& value) { return value ? Json(value->to_string()) : Json(); }
Json ratio(const model::MaybeDecimal& value) {
  return value ? Json(value->to_fixed(kRatioPlaces)) : Json();
}
template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json milliseconds(const std::optional<model::Duration>& age) {
  return age ? Json(std::chrono::duration_cast<std::chrono::milliseconds>(*age).count()) : Json();
}

// JSON that was written elsewhere; null where there is none, or it cannot be read.
Json document(const std::string& text) {
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json() : parsed;
}

Json json_of(const StopView& stop) {
  return {{"id", stop.id},
          {"source", model::to_string(stop.source)},
          {"type", stop.type},
          {"trigger_price", exact(stop.trigger_price)},
          {"working_type", stop.working_type},
          {"crossed", maybe(stop.crossed)},
          {"effective", stop.effective},
          {"why", stop.why}};
}

template <class T>
Json list_of(const std::vector<T>& items);

Json json_of(const PositionView& position) {
  return {{"symbol", position.symbol},
          {"side", position.side},
          {"position_side", model::to_string(position.position_side)},
          {"quantity", position.quantity.to_string()},
          {"entry_price", exact(position.entry_price)},
          {"mark_price", exact(position.mark_price)},
          {"liquidation_price", exact(position.liquidation_price)},
          {"notional", exact(position.notional)},
          {"unrealized_pnl", exact(position.unrealized_pnl)},
          {"loss_ratio", ratio(position.loss_ratio)},
          {"leverage", maybe(position.leverage)},
          {"protection",
           {{"status", to_string(position.protection.status)},
            {"covered_quantity", exact(position.protection.covered_quantity)},
            {"stops", list_of(position.protection.stops)}}}};
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

Json json_of(const FeedView& feed) {
  return {{"name", feed.name},
          {"freshness", feed.freshness},
          {"age_ms", milliseconds(feed.age)},
          {"trouble", feed.trouble}};
}

Json json_of(const KillView& kill) {
  return {{"state", kill.state},
          {"id", kill.id},
          {"reason", kill.reason},
          {"by", kill.by},
          {"started", kill.started ? Json(model::to_iso8601(*kill.started)) : Json()},
          {"ready", maybe(kill.ready)},
          {"not_ready_why", kill.not_ready_why},
          {"phase", kill.phase},
          {"left", kill.left},
          {"receipt", document(kill.receipt_json)},
          {"receipt_text", kill.receipt_text}};
}

Json json_of(const IncidentView& incident) {
  return {{"id", incident.id},
          {"state", incident.state},
          {"rule", incident.rule},
          {"severity", model::to_string(incident.severity)},
          {"symbol", incident.symbol},
          {"position_side", model::to_string(incident.position_side)},
          {"message", incident.message},
          {"since", model::to_iso8601(incident.since)},
          {"at", model::to_iso8601(incident.at)}};
}

Json json_of(const AccountView& account) {
  return {{"name", account.name},
          {"latched", account.latched},
          {"data_age_ms", milliseconds(account.data_age)},
          {"positions", list_of(account.positions)},
          {"findings", list_of(account.findings)},
          {"trouble", account.trouble},
          {"undecided", list_of(account.undecided)},
          {"feeds", list_of(account.feeds)},
          {"kill", json_of(account.kill)},
          {"incidents", list_of(account.incidents)}};
}

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string write_status(const StatusView& status) {
  return text_of({{"status", to_string(status.status)},
                  {"time", model::to_iso8601(status.time)},
                  {"mode", status.mode},
                  {"accounts", list_of(status.accounts)}});
}

std::string write_incidents(const std::vector<IncidentView>& incidents) {
  return text_of(list_of(incidents));
}

}  // namespace vakthund::server
