// The bot that is watched: trades, forgets its stops, moves them cancel-first, enters again, leaves
// orders about, says in its log what is not so, and goes on although it was paused. It trades with
// a key of its own, on the venue directly.
//
// Nothing of it moves while its container does not run, except a second process that ignores the
// pause for a while. Client ids begin with "bot-".
#pragma once

#include <functional>

#include "tests/sim/engine.h"
#include "tests/sim/stage.h"

namespace vakthund::sim {

class Bot {
 public:
  Bot(Stage& stage, const Engine& engine) : stage_(stage), engine_(engine) {}
  void start();
  // Of one position: gone, and replaced by something that does not protect.
  void drop_stops(const std::string& symbol, bool take_profit_instead);
  void take_stop_closes();

  // The log's lines reach the watchdog by this.
  std::function<void(guard::Event)> tell;
  MonoTime last_act() const { return last_act_; }
  // A person trades by hand, with a key of their own.
  void hand_opens(bool naked);
  std::vector<model::BotPosition> believes() const;

 private:
  bool alive() const;
  void beat();
  void open(bool naked);
  void place_stop(const std::string& symbol, model::PositionSide side, Duration later);
  void move_stop();
  void rest(bool reduce_only);
  void claim();
  simulator::Position* some_position();
  std::string next_id() { return "bot-" + std::to_string(++ids_); }
  void acted();

  Stage& stage_;
  const Engine& engine_;
  std::uint64_t ids_ = 0;
  MonoTime last_act_{};
};

}  // namespace vakthund::sim
