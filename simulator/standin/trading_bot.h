// The stand-in bot: believes what the exchange lists, claims that all of it is protected, writes
// down what appears and disappears, and does what its script says; reacts to nothing else. What it
// shows of itself is its kind's (bot_face.h).
//
// It prints what a bot prints: "✅ SYMBOL already protected" for every position, protected or not,
// and one line per order that was refused.
//
// Besides its kind's pages: POST /sim/control with one step of a script (bot_script.h), answered
// with {"ok":true} or 400 {"error":…}, and GET /sim/state: what it believes and which requests it
// received, without their bodies. No fault touches these two.
// Without an exchange it believes only what its script says, and orders are only printed.
// Limits: the last kMaxSeen requests are remembered.
// Threads: the loop's.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/standin/bot_face.h"
#include "simulator/standin/exchange_client.h"
#include "simulator/standin/http_fault.h"
#include "watchdog/net/server.h"

namespace vakthund::simulator::standin {

class TradingBot : private BotControl {
 public:
  static constexpr std::chrono::seconds kReadInterval{1};
  static constexpr std::chrono::seconds kClaimInterval{3};
  static constexpr std::size_t kMaxSeen = 2'000;
  struct Callbacks {
    std::function<void(const std::string& line)> print;
    std::function<void(int code)> exit;
  };

  // `exchange`: nullptr for none.
  TradingBot(net::Loop& loop, ExchangeClient* exchange, BotFace& face,
             std::vector<ScriptStep> script, Callbacks callbacks);
  void start();
  void answer(const net::HttpRequest& request, net::Responder responder);
  bool ignores_sigterm() const { return ignores_sigterm_; }

 private:
  void read_positions(std::string entered = {});
  void keep(const nlohmann::json& rows, const std::string& entered);
  void believe(const std::string& entered = {});
  void claim();
  void run_due_steps();
  void perform(const LogStep& step);
  void perform(const CancelStopsStep& step);
  void perform(const PlaceStep& step);
  void perform(const OpenStep& step);
  void perform(const JournalStep& step);
  void perform(const BelieveStep& step);
  void perform(const TruthStep&);
  void perform(const StallStep& step);
  void perform(const HttpStep& step);
  void perform(const ClearStep& step);
  void perform(const ExpireTokensStep&);
  void perform(const ReplaceJournalStep&);
  void perform(const IgnoreSigtermStep& step);
  void perform(const SilentStep& step);
  void perform(const ExitStep& step);
  void order(const std::string& path, const Fields& params, bool is_entry);

  void stop_entries() override;
  void stop() override;
  void close(const std::string& symbol) override;

  net::HttpResponse control(const net::HttpRequest& request);
  void answer_late(net::HttpResponse response, net::Responder responder, model::Duration delay);

  net::Loop& loop_;
  ExchangeClient* const exchange_;
  BotFace& face_;
  const std::vector<ScriptStep> script_;
  const Callbacks callbacks_;
  std::size_t next_step_ = 0;
  model::MonoTime started_{};
  model::WallTime started_wall_{}, progress_{};
  bool ignores_sigterm_ = false;
  bool silent_ = false, stalled_ = false;
  bool stopped_ = false, entries_stopped_ = false;
  std::vector<net::Responder> unanswered_;
  Beliefs listed_, positions_;  // by the exchange; and with the lies laid over it
  Beliefs lies_;
  HttpFaults faults_;
  std::deque<std::string> seen_;  // "GET /api/v1/status"
  std::map<std::uint64_t, net::Timer> late_;
  std::uint64_t next_late_ = 0;
  net::Timer read_timer_;
  net::Timer claim_timer_;
  net::Timer script_timer_;
};

}  // namespace vakthund::simulator::standin
