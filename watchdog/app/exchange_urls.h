// Where an account's exchange is. Source: binance.md §1.
#pragma once

#include <string>

#include "watchdog/config/config.h"

namespace vakthund::app {

struct ExchangeUrls {
  std::string rest;
  std::string stream;  // /market, /public and /private are appended
};

inline ExchangeUrls exchange_urls(const config::Account& account) {
  switch (account.environment) {
    case config::Environment::live:
      return {"https://fapi.binance.com", "wss://fstream.binance.com"};
    case config::Environment::demo:
      return {"https://demo-fapi.binance.com", "wss://demo-fstream.binance.com"};
    case config::Environment::custom:
      return {account.rest_url, account.stream_url};
  }
  return {};
}

}  // namespace vakthund::app
