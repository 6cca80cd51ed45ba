// The night of product.md §1 as a status: what the tests of JSON and text show.
#pragma once

#include "watchdog/server/status_view.h"

namespace vakthund::server {

inline StatusView a_night() {
  using model::literals::operator""_d;
  using namespace std::chrono_literals;
  PositionView bnb{
      "BNBUSDT", "SHORT",  model::PositionSide::both,           2.17_d, 896.8_d, 906.33_d, 938.1_d,
      1966.74_d, -20.68_d, model::Decimal::from_units(1062667), 20,     {}};
  bnb.protection = {Coverage::full,
                    2.17_d,
                    {{"2148719", model::OrderSource::algo, "STOP_MARKET", 914.74_d, "MARK_PRICE",
                      false, true, ""}}};
  PositionView dot;
  dot.symbol = "DOTUSDT";
  dot.side = "LONG";
  dot.quantity = 1234.5_d;
  dot.entry_price = 2.675_d;
  dot.mark_price = 2.6796_d;
  dot.notional = 3307.9662_d;
  dot.unrealized_pnl = 5.68_d;
  dot.loss_ratio = model::Decimal::from_units(-171963);
  dot.protection = {Coverage::none,
                    0_d,
                    {{"2148725", model::OrderSource::algo, "TAKE_PROFIT_MARKET", 2.755_d,
                      "CONTRACT_PRICE", std::nullopt, false, "a take profit only"}}};
  AccountView account;
  account.name = "main";
  account.data_age = 12ms;
  account.positions = {bnb, dot};
  account.findings = {{"unprotected",
                       model::Severity::critical,
                       "DOTUSDT",
                       model::PositionSide::both,
                       "DOTUSDT LONG 1234.5 has no stop: 2148725 is a take profit only",
                       {{"covered_quantity", "0"}, {"quantity", "1234.5"}}}};
  account.undecided = {{"entry_mismatch", "BNBUSDT", "the journal is stale"}};
  account.feeds = {{"positions", "fresh", 12ms, ""},
                   {"journal", "stale", 65s, "database is locked"},
                   {"container", "unknown", std::nullopt, ""}};
  account.kill.state = "armed";
  account.kill.ready = false;
  account.kill.not_ready_why = "the key may not trade";
  account.incidents = {{"I7", "firing", "unprotected", model::Severity::critical, "DOTUSDT",
                        model::PositionSide::both, "DOTUSDT LONG 1234.5 has no stop",
                        model::from_epoch_ms(1763601770000), model::from_epoch_ms(1763601780000)}};
  return {Overall::critical, model::from_epoch_ms(1763601780000), "observe", {account}};
}

}  // namespace vakthund::server
