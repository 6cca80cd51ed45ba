#include "simulator/refusal.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "rules/model/result.h"

namespace vakthund::simulator {
namespace {

struct Text {
  int code;
  std::string_view text;
};

constexpr std::array kTexts{
    Text{-1000, "An unknown error occured while processing the request."},
    Text{-1001, "Internal error; unable to process your request. Please try again."},
    Text{-1003,
         "Too many requests; current limit is %s requests per minute. Please use the "
         "websocket for live updates to avoid polling the API."},
    Text{-1007,
         "Timeout waiting for response from backend server. Send status unknown; execution "
         "status unknown."},
    Text{-1008,
         "Request throttled by system-level protection. Reduce-only/close-position orders "
         "are exempt. Please try again."},
    Text{-1015, "Too many new orders; current limit is %s."},
    Text{-1021, "Timestamp for this request is outside of the recvWindow."},
    Text{-1022, "Signature for this request is not valid."},
    Text{-1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed."},
    Text{-1106, "Parameter '%s' sent when not required."},
    Text{-1111, "Precision is over the maximum defined for this asset."},
    Text{-1115, "Invalid timeInForce."},
    Text{-1116, "Invalid orderType."},
    Text{-1117, "Invalid side."},
    Text{-1121, "Invalid symbol."},
    Text{-1125, "This listenKey does not exist."},
    Text{-1130, "Data sent for parameter '%s' is not valid."},
    Text{-2011, "Unknown order sent."},
    Text{-2013, "Order does not exist."},
    Text{-2014, "API-key format invalid."},
    Text{-2015, "Invalid API-key, IP, or permissions for action."},
    Text{-2019, "Margin is insufficient."},
    Text{-2020, "Unable to fill."},
    Text{-2021, "Order would immediately trigger."},
    Text{-2022, "ReduceOnly Order is rejected."},
    Text{-2023, "User in liquidation mode now."},
    Text{-2025, "Reach max open order limit."},
    Text{-4003, "Quantity less than zero."},
    Text{-4004, "Quantity less than min quantity."},
    Text{-4005, "Quantity greater than max quantity."},
    Text{-4013, "Price less than min price."},
    Text{-4014, "Price not increased by tick size."},
    Text{-4015, "Client order id is not valid."},
    Text{-4016, "Limit price can't be higher than %s."},
    Text{-4023, "Quantity not increased by step size."},
    Text{-4024, "Limit price can't be lower than %s."},
    Text{-4028, "Leverage %s is not valid."},
    Text{-4045, "Reach max stop order limit."},
    Text{-4046, "No need to change margin type."},
    Text{-4059, "No need to change position side."},
    Text{-4061, "Order's position side does not match user's setting."},
    Text{-4067, "Position side cannot be changed if there exists open orders."},
    Text{-4068, "Position side cannot be changed if there exists position."},
    Text{-4082, "Invalid number of batch place orders."},
    Text{-4088, "User can not place order currently."},
    Text{-4116, "ClientOrderId is duplicated."},
    Text{-4117, "Stop order is triggering."},
    Text{-4118, "ReduceOnly Order Failed. Please check your existing position and open orders."},
    Text{-4120,
         "Order type not supported for this endpoint. Please use the Algo Order API "
         "endpoints instead."},
    // Seen in the field only: -4130, -4509 (§5).
    Text{-4130,
         "An open stop or take profit order with GTE and closePosition in the direction is "
         "existing."},
    Text{-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."},
    Text{-4136, "Target strategy invalid for orderType '%s',closePosition 'true'."},
    Text{-4137, "Quantity must be zero with closePosition equals true."},
    Text{-4138, "Reduce only must be true with closePosition equals true."},
    Text{-4140, "Invalid symbol status for opening position."},
    Text{-4141, "Symbol is closed."},
    Text{-4164, "Order's notional must be no smaller than %s (unless you choose reduce only)."},
    // Official error list, not in binance.md.
    Text{-1128, "Combination of optional parameters invalid."},
    Text{-4165, "Maximum time interval is %s days."},
    // Seen in the field only.
    Text{-4509,
         "Time in Force (TIF) GTE can only be used with open positions. Please ensure that "
         "positions are available."},
    Text{-5000, "%s"},
    Text{-5021,
         "Due to the order could not be filled immediately, the FOK order has been rejected."},
    Text{-5022,
         "Due to the order could not be executed as maker, the Post Only order will be "
         "rejected."},
    Text{-5041, "No depth matches this BBO order."},
};

}  // namespace

std::string Refusal::body() const {
  return nlohmann::ordered_json{{"code", code}, {"msg", message}}.dump();
}

Refusal refusal(int code, std::string_view detail) {
  for (const Text& known : kTexts) {
    if (known.code != code) continue;
    std::string text(known.text);
    if (const auto at = text.find("%s"); at != std::string::npos) text.replace(at, 2, detail);
    return Refusal{code, std::move(text)};
  }
  return Refusal{code, detail.empty() ? std::string("Request refused.") : std::string(detail)};
}

Refusal missing_parameter(std::string_view name) { return refusal(-1102, name); }

void throw_exception_from_error(const Refusal& r, const boost::source_location& where) {
  assertion_failed(r.message.c_str(), where.file_name(), static_cast<int>(where.line()));
}

}  // namespace vakthund::simulator
