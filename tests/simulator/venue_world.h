// A venue with one account and three keys, and a client that signs as binance.md §2 says.
#pragma once

#include "simulator/venue.h"
#include "tests/simulator/world.h"

namespace vakthund::simulator {

struct VenueWorld {
  VenueWorld() : venue({}) {
    for (const auto& [name, price] : {std::pair{"BTCUSDT", 90000_d}, std::pair{"BNBUSDT", 900_d}}) {
      venue.exchange().add_symbol(usual_symbol(name, price));
    }
    Account fresh;
    fresh.name = "main";
    fresh.wallet = 10000_d;
    fresh.keys = {{.name = "trade", .key = "tradekey", .secret = "one"},
                  {.name = "read", .key = "readkey", .secret = "two", .may_trade = false}};
    account = &venue.exchange().add_account(fresh);
  }

  Request signed_request(const std::string& method, const std::string& path, std::string query,
                         std::int64_t timestamp_ms, const std::string& key = "tradekey") {
    if (!query.empty()) query += '&';
    query += "timestamp=" + std::to_string(timestamp_ms);
    query += "&signature=" + hmac_hex(key == "readkey" ? "two" : "one", query);
    return {method, path, query, {}, key};
  }
  Reply call(const std::string& method, const std::string& path, const std::string& query = {},
             const std::string& key = "tradekey") {
    return venue.handle(signed_request(method, path, query, epoch_ms(now), key), now);
  }
  Reply open_call(const std::string& path, const std::string& query = {}) {
    return venue.handle({"GET", path, query, {}, {}}, now);
  }
  Reply sell(const std::string& more = {}) {
    return call("POST", "/fapi/v1/order", "symbol=BNBUSDT&side=SELL&type=MARKET&quantity=1" + more);
  }
  void fault(Fault f) { EXPECT_EQ(venue.add_fault(std::move(f), now), ""); }
  Decimal held() const { return account->held("BNBUSDT", PositionSide::both); }

  Venue venue;
  Account* account;
  WallTime now = kNow;
};

inline int code_of(const Reply& reply) {
  const auto json = nlohmann::json::parse(reply.body, nullptr, false);
  return json.is_object() && json.contains("code") && json["code"].is_number()
             ? json["code"].get<int>()
             : 0;
}

inline std::string header_of(const Reply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace vakthund::simulator
