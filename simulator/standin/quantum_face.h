// The quantum-trader bot's pages: GET /health, /api/positions and /trade_logs, without a password,
// and its journal. Source: bots.md, "quantum-trader".
#pragma once

#include "simulator/standin/bot_face.h"
#include "simulator/standin/bot_journal.h"

namespace vakthund::simulator::standin {

class QuantumFace : public BotFace {
 public:
  explicit QuantumFace(BotJournal& journal) : journal_(journal) {}

  bool has_open(const std::string& symbol) override { return journal_.has_open(symbol); }
  void opened(const Belief& position) override;
  void closed(const Belief& position, const std::string& reason) override;
  void write(const Fields& row) override;
  void replace_journal() override { journal_.replace(); }
  net::HttpResponse answer(const net::HttpRequest& request, const BotState& state,
                           BotControl& control) override;

 private:
  BotJournal& journal_;
};

}  // namespace vakthund::simulator::standin
