#include "watchdog/server/status_json.h"

#include "watchdog/server/json_parts.h"

namespace vakthund::server {
namespace {

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

// This file's own json_of are found where the shared list_of does not look.
template <class T>
Json list(const std::vector<T>& items);

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
            {"stops", list(position.protection.stops)}}}};
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
          {"at", model::to_iso8601(incident.at)},
          {"waits", incident.waits}};
}

Json json_of(const ReadinessView& check) {
  return {{"name", check.name}, {"state", check.state}, {"detail", check.detail}};
}

Json json_of(const ExchangeView& exchange) {
  return {{"weight_limit", exchange.weight_limit},
          {"weight_used", exchange.weight_used},
          {"weight_ours", exchange.weight_ours},
          {"weight_others", exchange.weight_others},
          {"weight_budget", exchange.weight_budget},
          {"clock_offset_ms", maybe(exchange.clock_offset_ms)},
          {"refused", exchange.refused}};
}

Json json_of(const BotView& bot) {
  return {{"up", maybe(bot.up)},
          {"detail", bot.detail},
          {"progress", bot.progress ? Json(model::to_iso8601(*bot.progress)) : Json()},
          {"container", bot.container},
          {"container_status", bot.container_status}};
}

Json json_of(const DayView& day) {
  return {{"equity", exact(day.equity)},
          {"realized", exact(day.realized)},
          {"unrealized", exact(day.unrealized)},
          {"peak_equity", exact(day.peak_equity)},
          {"margin_ratio", ratio(day.margin_ratio)}};
}

Json json_of(const AccountView& account) {
  return {{"name", account.name},
          {"latched", account.latched},
          {"data_age_ms", milliseconds(account.data_age)},
          {"positions", list(account.positions)},
          {"findings", list_of(account.findings)},
          {"trouble", account.trouble},
          {"undecided", list_of(account.undecided)},
          {"feeds", list(account.feeds)},
          {"kill", json_of(account.kill)},
          {"incidents", list(account.incidents)},
          {"exchange", account.exchange ? json_of(*account.exchange) : Json()},
          {"readiness", list(account.readiness)},
          {"bot", account.bot ? json_of(*account.bot) : Json()},
          {"day", json_of(account.day)}};
}

template <class T>
Json list(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace

std::string write_status(const StatusView& status) {
  return document_of({{"status", to_string(status.status)},
                      {"time", model::to_iso8601(status.time)},
                      {"mode", status.mode},
                      {"accounts", list(status.accounts)}});
}

std::string write_failure(const std::string& error) {
  return document_of({{"status", to_string(Overall::unknown)}, {"error", error}});
}

std::string write_incidents(const std::vector<IncidentView>& incidents) {
  return document_of(list(incidents));
}

}  // namespace vakthund::server
