// freqtrade's REST API and journal. Source: bots.md, "freqtrade".
//
//   GET  /api/v1/ping           open to everyone
//   POST /api/v1/token/login    Basic; POST /api/v1/token/refresh: the refresh token as Bearer
//   GET  /api/v1/health, /status, /show_config, /version
//   POST /api/v1/stopentry, /stopbuy, /stop, /forceexit
//
// All but ping take Basic or an access token; without either 401 {"detail":"Unauthorized"}. The
// list of trades has fields that bots.md does not name, and one trade of a spot pair.
#pragma once

#include "simulator/standin/bot_face.h"
#include "simulator/standin/freqtrade_journal.h"
#include "simulator/standin/freqtrade_tokens.h"

namespace vakthund::simulator::standin {

// "BNBUSDT" is "BNB/USDT:USDT"; what does not end in a known quote asset stays as it is.
std::string freqtrade_pair(const std::string& symbol);

class FreqtradeFace : public BotFace {
 public:
  struct Settings {
    model::Decimal stop_ratio = model::Decimal::from_units(2'000'000);  // 0.02 of the entry
    int leverage = 20;
  };
  FreqtradeFace(FreqtradeJournal& journal, FreqtradeTokens& tokens, Settings settings);

  bool has_open(const std::string& symbol) override;
  void opened(const Belief& position) override;
  void closed(const Belief& position, const std::string& reason) override;
  void write(const Fields& row) override;
  void replace_journal() override;
  void expire_tokens() override { tokens_.expire_access(); }
  net::HttpResponse answer(const net::HttpRequest& request, const BotState& state,
                           BotControl& control) override;

 private:
  model::Decimal stop_of(const Belief& position) const;
  void write_spot_trade();
  std::string status(const BotState& state);
  net::HttpResponse force_exit(const std::string& body, const BotState& state, BotControl& control);

  FreqtradeJournal& journal_;
  FreqtradeTokens& tokens_;
  const Settings settings_;
};

}  // namespace vakthund::simulator::standin
