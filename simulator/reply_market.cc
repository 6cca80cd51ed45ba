// Symbols and prices. Shapes: binance.md §6.
#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

constexpr std::int64_t kFundingMs = 8 * 60 * 60 * 1000;

Json filters(const Symbol& s) {
  const auto t = [](Decimal value) { return value.to_string(); };
  const int places = s.price_precision;
  return Json::array({{{"filterType", "PRICE_FILTER"},
                       {"tickSize", padded(s.tick, places)},
                       {"minPrice", padded(s.min_price, places)},
                       {"maxPrice", t(s.max_price)}},
                      {{"filterType", "LOT_SIZE"},
                       {"stepSize", t(s.step)},
                       {"maxQty", t(s.max_quantity)},
                       {"minQty", t(s.min_quantity)}},
                      {{"filterType", "MARKET_LOT_SIZE"},
                       {"minQty", t(s.market_min_quantity)},
                       {"stepSize", t(s.market_step)},
                       {"maxQty", t(s.market_max_quantity)}},
                      {{"filterType", "MAX_NUM_ORDERS"}, {"limit", s.max_orders}},
                      {{"filterType", "MIN_NOTIONAL"}, {"notional", t(s.min_notional)}},
                      {{"filterType", "PERCENT_PRICE"},
                       {"multiplierUp", s.multiplier_up.to_fixed(4)},
                       {"multiplierDown", s.multiplier_down.to_fixed(4)},
                       {"multiplierDecimal", "4"}},
                      {{"filterType", "POSITION_RISK_CONTROL"}, {"positionControlSide", "NONE"}}});
}

Json one_symbol(const Symbol& s) {
  return {{"symbol", s.name},
          {"pair", s.pair},
          {"contractType", s.contract_type},
          {"deliveryDate", 4133404800000},
          {"onboardDate", 1569398400000},
          {"status", s.status},
          {"maintMarginPercent", "2.5000"},
          {"requiredMarginPercent", "5.0000"},
          {"baseAsset", s.base},
          {"quoteAsset", s.quote},
          {"marginAsset", s.margin_asset},
          {"pricePrecision", s.price_precision},
          {"quantityPrecision", s.quantity_precision},
          {"baseAssetPrecision", 8},
          {"quotePrecision", 8},
          {"underlyingType", s.underlying_type},
          {"underlyingSubType", Json::array({"PoW"})},
          {"triggerProtect", s.trigger_protect.to_fixed(4)},
          {"liquidationFee", "0.012500"},
          {"marketTakeBound", s.market_take_bound.to_fixed(2)},
          {"maxMoveOrderLimit", 10000},
          {"filters", filters(s)},
          {"orderTypes",
           {"LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET",
            "TRAILING_STOP_MARKET"}},
          {"timeInForce", {"GTC", "IOC", "FOK", "GTX", "GTD", "RPI"}},
          {"permissionSets", {"GRID", "COPY"}}};
}

}  // namespace

std::int64_t next_funding_ms(WallTime now) { return (epoch_ms(now) / kFundingMs + 1) * kFundingMs; }

Json exchange_info(const std::map<std::string, Symbol>& symbols, WallTime now) {
  Json list = Json::array();
  for (const auto& [name, symbol] : symbols) {
    if (!symbol.coin_margined) list.push_back(one_symbol(symbol));
  }
  const auto limit = [](std::string_view type, std::string_view interval, int count, int most) {
    return Json{
        {"rateLimitType", type}, {"interval", interval}, {"intervalNum", count}, {"limit", most}};
  };
  return {{"timezone", "UTC"},
          {"serverTime", epoch_ms(now)},
          {"futuresType", "U_MARGINED"},
          {"rateLimits",
           Json::array({limit("REQUEST_WEIGHT", "MINUTE", 1, 2400),
                        limit("ORDERS", "MINUTE", 1, 1200), limit("ORDERS", "SECOND", 10, 300)})},
          {"exchangeFilters", Json::array()},
          {"assets",
           Json::array(
               {{{"asset", "USDT"}, {"marginAvailable", true}, {"autoAssetExchange", "-10000"}}})},
          {"symbols", std::move(list)}};
}

Json premium_index(const Symbol& s, WallTime now) {
  return {{"symbol", s.name},
          {"markPrice", s.mark.to_fixed(8)},
          {"indexPrice", s.mark.to_fixed(8)},
          {"estimatedSettlePrice", s.mark.to_fixed(8)},
          {"lastFundingRate", s.funding_rate.to_fixed(8)},
          {"interestRate", "0.00010000"},
          {"nextFundingTime", next_funding_ms(now)},
          {"time", epoch_ms(now)}};
}

}  // namespace vakthund::simulator
