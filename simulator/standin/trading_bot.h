// The stand-in bot: believes what the exchange lists, claims that all of it is protected, writes
// down what appears and disappears, and does what its script says; reacts to nothing else.
//
// It prints what a bot prints: "✅ SYMBOL already protected" for every position, protected or not,
// and one line per order that was refused.
// Threads: the loop's. Source of its shapes: bots.md, "quantum-trader".
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/standin/bot_journal.h"
#include "simulator/standin/bot_script.h"
#include "simulator/standin/exchange_client.h"
#include "watchdog/net/server.h"

namespace vakthund::simulator::standin {

class TradingBot {
 public:
  static constexpr std::chrono::seconds kReadInterval{1};
  static constexpr std::chrono::seconds kClaimInterval{3};
  struct Callbacks {
    std::function<void(const std::string& line)> print;
    std::function<void(int code)> exit;
  };

  TradingBot(net::Loop& loop, ExchangeClient& exchange, BotJournal& journal,
             std::vector<ScriptStep> script, Callbacks callbacks);
  void start();
  void answer(const net::HttpRequest& request, net::Responder responder);
  bool ignores_sigterm() const { return ignores_sigterm_; }

 private:
  void read_positions(std::string entered = {});
  void keep(const nlohmann::json& rows, const std::string& entered);
  void claim();
  void run_due_steps();
  void perform(const ScriptStep& step);
  void order(const std::string& path, const Fields& params, bool is_entry);
  nlohmann::json positions() const;

  net::Loop& loop_;
  ExchangeClient& exchange_;
  BotJournal& journal_;
  const std::vector<ScriptStep> script_;
  const Callbacks callbacks_;
  std::size_t next_step_ = 0;
  model::MonoTime started_{};
  bool ignores_sigterm_ = false;
  bool silent_ = false;
  std::vector<net::Responder> unanswered_;
  std::map<std::string, nlohmann::json> positions_;  // by symbol, as the exchange listed them
  net::Timer read_timer_;
  net::Timer claim_timer_;
  net::Timer script_timer_;
};

}  // namespace vakthund::simulator::standin
