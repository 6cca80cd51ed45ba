#include "simulator/standin/generic_face.h"

#include <nlohmann/json.hpp>

#include "watchdog/net/loop.h"

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::ordered_json;

Json book_of(const BotState& state) {
  Json open = Json::array();
  for (const auto& [symbol, p] : state.positions) {
    open.push_back({{"instrument", {{"ticker", symbol}, {"venue", "usdm"}}},
                    {"heading", p.quantity.sign() < 0 ? "SHORT" : "LONG"},
                    {"lots", p.quantity.abs().to_string()},
                    {"net", p.quantity.to_string()},
                    {"avg", {{"px", p.entry.to_string()}}},
                    {"guard", {{"px", p.stop ? Json(p.stop->to_string()) : Json(nullptr)}}}});
  }
  return {{"meta", {{"generated_ms", model::epoch_ms(state.now)}}},
          {"result",
           {{"accounts",
             Json::array({{{"name", "futures"},
                           {"book", {{"open", std::move(open)}, {"closed", Json::array()}}}}})}}}};
}

}  // namespace

void GenericFace::opened(const Belief& position) { journal_.open(position, net::Loop::now().wall); }

void GenericFace::closed(const Belief& position, const std::string&) {
  journal_.close(position.symbol, net::Loop::now().wall);
}

void GenericFace::write(const Fields& row) {
  Belief p;
  p.symbol = field(row, "symbol");
  p.quantity = signed_quantity(row);
  p.entry = model::Decimal::parse(field(row, "price")).value_or(model::Decimal());
  p.stop = model::Decimal::parse(field(row, "stop"));
  opened(p);
  if (field(row, "open", "true") != "true") closed(p, "script");
}

net::HttpResponse GenericFace::answer(const net::HttpRequest& request, const BotState& state,
                                      BotControl&) {
  const std::string what = request.method + " " + path_of(request);
  if (!authorization_.empty() && header_of(request, "authorization") != authorization_) {
    return json_reply(403, R"({"oops":"who are you"})");
  }
  if (what == "GET /internal/v2/book") return json_reply(200, book_of(state).dump());
  if (what == "GET /internal/v2/alive") {
    return json_reply(200, Json{{"service", "up"},
                                {"engine",
                                 {{"last_loop_ms", model::epoch_ms(state.progress)},
                                  {"last_loop", model::to_iso8601(state.progress)}}}}
                               .dump());
  }
  return json_reply(404, R"({"oops":"no such page"})");
}

}  // namespace vakthund::simulator::standin
