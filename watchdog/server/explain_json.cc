#include "watchdog/server/explain_json.h"

#include "watchdog/server/json_parts.h"

namespace vakthund::server {
namespace {

using rules::Explanation;
using rules::Point;

template <class T>
Json list(const std::vector<T>& items);

Json json_of(const rules::LossAt& at) {
  return {{"price", exact(at.price)},
          {"loss", exact(at.loss)},
          {"of_notional", ratio(at.of_notional)},
          {"of_margin", ratio(at.of_margin)},
          {"of_equity", ratio(at.of_equity)}};
}

Json json_of(const rules::ExplainedOrder& one) {
  const model::Order& order = one.order;
  return {{"id", std::to_string(order.id.id)},
          {"source", to_string(order.id.source)},
          {"type", order.type.text()},
          {"side", to_string(order.side)},
          {"status", order.status.text()},
          {"trigger_price", exact(order.trigger_price)},
          {"working_type", order.working_type.text()},
          {"distance_ratio", ratio(one.distance_ratio)},
          {"effective", one.effective},
          {"crossed", one.crossed},
          {"why", one.why}};
}

Json json_of(const rules::Theory& theory) {
  Json points = {{"for", Json::array()}, {"against", Json::array()}, {"missing", Json::array()}};
  for (const Point& point : theory.points) {
    points[std::string(to_string(point.kind))].push_back(point.text);
  }
  return {{"theory", std::string(1, theory.letter)},
          {"name", theory.name},
          {"title", theory.title},
          {"verdict", to_string(theory.standing)},
          {"for", points["for"]},
          {"against", points["against"]},
          {"missing", points["missing"]}};
}

Json json_of(const Explanation& told) {
  const model::Position& position = told.position;
  Json at_stop = json_of(told.at_stop);
  at_stop["basis"] = told.stop_basis;
  Json right = Json::array(), wrong = Json::array();
  for (const rules::Remedy& remedy : told.remedies) {
    (remedy.right ? right : wrong).push_back(remedy.text);
  }
  return {{"symbol", position.symbol},
          {"side", position.side()},
          {"position_side", to_string(position.position_side)},
          {"quantity", position.quantity.abs().to_string()},
          {"entry_price", exact(position.entry_price)},
          {"mark_price", exact(told.mark_price)},
          {"implied_price", exact(told.implied_price)},
          {"liquidation_price", exact(position.liquidation_price)},
          {"leverage", maybe(told.leverage)},
          {"notional", exact(told.notional)},
          {"margin", exact(told.margin)},
          {"equity", exact(told.equity)},
          {"protection",
           {{"status", to_string(told.protection)},
            {"covered_quantity", told.covered_quantity.to_string()}}},
          {"orders", list(told.orders)},
          {"arithmetic",
           {{"now", json_of(told.now)},
            {"at_stop", at_stop},
            {"at_liquidation", json_of(told.at_liquidation)}}},
          {"theories", list(told.theories)},
          {"remedies", {{"right", right}, {"wrong", wrong}}}};
}

Json json_of(const ExplainedAccount& account) {
  return {{"name", account.name},
          {"trouble", account.trouble},
          {"positions", list(account.positions)},
          {"known", account.known},
          {"open_symbols", account.open_symbols},
          {"findings", list_of(account.findings)},
          {"undecided", list_of(account.undecided)}};
}

template <class T>
Json list(const std::vector<T>& items) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(json_of(item));
  return array;
}

}  // namespace

std::string write_explanation(const ExplainView& view) {
  return document_of({{"status", to_string(overall_of(view))},
                      {"time", model::to_iso8601(view.time)},
                      {"mode", view.mode},
                      {"symbol", view.symbol},
                      {"error", misspelt(view)},
                      {"accounts", list(view.accounts)}});
}

}  // namespace vakthund::server
