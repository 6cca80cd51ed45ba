// What a client wrote, as an OrderRequest. Source: binance.md §4, §5 (parameter tables).
#include "simulator/endpoint.h"

namespace vakthund::simulator {
namespace {

Answer<PositionSide> position_side(const std::string& word) {
  if (word == "BOTH") return PositionSide::both;
  if (word == "LONG") return PositionSide::long_;
  if (word == "SHORT") return PositionSide::short_;
  return refusal(-1130, "positionSide");
}

// Reads a number into `field`; the refusal if it cannot be read.
std::optional<Refusal> read(const Params& params, std::string_view name, MaybeDecimal& field) {
  const Answer<MaybeDecimal> value = params.decimal(name);
  if (!value) return value.error();
  field = *value;
  return std::nullopt;
}

std::optional<Refusal> read(const Params& params, std::string_view name, bool& field) {
  const Answer<std::optional<bool>> value = params.flag(name);
  if (!value) return value.error();
  field = value->value_or(false);
  return std::nullopt;
}

std::optional<Refusal> read_common(const Params& params, OrderRequest& r) {
  if (!params.find("symbol")) return missing_parameter("symbol");
  r.symbol = params.text("symbol");
  const std::string side = params.text("side");
  if (side.empty()) return missing_parameter("side");
  if (side != "BUY" && side != "SELL") return refusal(-1117);
  r.side = side == "BUY" ? Side::buy : Side::sell;
  r.type = params.text("type");
  if (r.type.empty()) return missing_parameter("type");
  if (const std::string word = params.text("positionSide"); !word.empty()) {
    const Answer<PositionSide> parsed = position_side(word);
    if (!parsed) return parsed.error();
    r.position_side = *parsed;
  }
  r.time_in_force = params.text("timeInForce");
  r.price_match = params.text("priceMatch");
  if (r.price_match == "NONE") r.price_match.clear();
  r.stp = params.text("selfTradePreventionMode");
  r.reduce_only_sent = params.find("reduceOnly") != nullptr;
  const auto good_till = params.integer("goodTillDate");
  if (!good_till) return good_till.error();
  r.good_till_ms = good_till->value_or(0);
  for (auto bad :
       {read(params, "quantity", r.quantity), read(params, "price", r.price),
        read(params, "reduceOnly", r.reduce_only), read(params, "closePosition", r.close_position),
        read(params, "priceProtect", r.price_protect)}) {
    if (bad) return bad;
  }
  return std::nullopt;
}

}  // namespace

Answer<OrderRequest> parse_order(const Params& params) {
  OrderRequest r;
  if (const auto bad = read_common(params, r)) return *bad;
  r.client_id = params.text("newClientOrderId");
  if (r.type == "MARKET") r.price.reset();
  return r;
}

Answer<OrderRequest> parse_algo(const Params& params) {
  OrderRequest r;
  const std::string algo_type = params.text("algoType");
  if (algo_type.empty()) return missing_parameter("algotype");
  if (algo_type != "CONDITIONAL") return refusal(-1130, "algoType");
  if (const auto bad = read_common(params, r)) return *bad;
  r.client_id = params.text("clientAlgoId");
  r.working_type = params.find("workingType") ? params.text("workingType") : "CONTRACT_PRICE";
  for (auto bad :
       {read(params, "triggerPrice", r.trigger), read(params, "activatePrice", r.activation),
        read(params, "callbackRate", r.callback_percent)}) {
    if (bad) return *bad;
  }
  return r;
}

}  // namespace vakthund::simulator
