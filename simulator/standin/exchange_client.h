// A bot's way to the exchange: signed REST calls, written from the exchange's documentation alone
// (binance.md §2), so that Vakthund's own client and this one cannot share a mistake.
//
// Every call's parameters, timestamp and HMAC signature go in the query string. The clock is the
// exchange's: its offset is read before the first call and again after a -1021.
// Errors: as net::HttpClient's; `refused` with the exchange's code and message where it says no.
// Threads: the loop's.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "watchdog/net/http_client.h"

namespace vakthund::simulator::standin {

struct ExchangeAnswer {
  nlohmann::json body;
};

class ExchangeClient {
 public:
  using Params = std::vector<std::pair<std::string, std::string>>;
  using Callback = std::function<void(Result<ExchangeAnswer>)>;

  ExchangeClient(net::Loop& loop, net::Endpoint endpoint, std::string key, std::string secret);
  void call(std::string method, std::string path, Params params, Callback callback);

 private:
  void synchronize(std::function<void()> then);
  void send(std::string method, std::string path, Params params, Callback callback, bool repeated);

  net::HttpClient client_;
  const std::string key_;
  const std::string secret_;
  bool synchronized_ = false;
  std::int64_t offset_ms_ = 0;
};

// Hexadecimal HMAC-SHA256.
std::string hmac_hex(const std::string& secret, const std::string& text);

}  // namespace vakthund::simulator::standin
