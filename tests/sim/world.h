// A whole world: the real guard, the simulator's exchange, a bot, a container, prices, and
// everything that goes wrong, from one seed, in virtual time. `run` plays it to its end and says
// what was wrong; named scenarios drive one step by step.
//
// It replays byte for byte: the same recipe and the same program make the same transcript.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/bot.h"
#include "tests/sim/engine.h"
#include "tests/sim/memory.h"
#include "tests/sim/source.h"
#include "tests/sim/stage.h"
#include "tests/sim/truth.h"

namespace vakthund::sim {

class World {
 public:
  explicit World(const Recipe& recipe, Trace::Mode mode = Trace::Mode::off);
  World(const World&) = delete;  // its parts know one another
  World& operator=(const World&) = delete;

  // To its end, or to the first invariant that breaks. What was wrong; empty: nothing.
  std::string run();

  // For scenarios.
  void run_for(Duration length);
  bool run_until(const std::function<bool()>& done, Duration limit);
  void tell(guard::Event event) { take({std::move(event)}); }
  void kill(const std::string& why);
  void crash(Duration down);
  void set_price(const std::string& symbol, model::Decimal price);
  bool latched() const;
  // Flat, no order in either list, the container down for good.
  bool all_done() const;
  guard::Guard* guard() { return process_ ? &process_->guard : nullptr; }
  Stage& stage() { return stage_; }
  Engine& engine() { return engine_; }
  Bot& bot() { return bot_; }
  Memory& memory() { return memory_; }
  Truth& truth() { return truth_; }
  std::string describe() const;  // of how things stand, for failures

  int crash_before_command = -1;  // the process dies as it is about to carry out this one
  int commands = 0;

 private:
  struct Process {
    guard::Guard guard;
    Source source;
    std::vector<guard::Event> waiting;
    bool busy = false;
    Process(guard::GuardSettings settings, Stage& stage, Truth& truth, Source::Sink sink)
        : guard(std::move(settings)), source(stage, truth, std::move(sink)) {}
  };
  static simulator::Exchange::Settings exchange_settings(const Recipe& recipe);
  guard::GuardSettings guard_settings() const;
  void furnish();
  void place_stop(const Holding& held, const simulator::Symbol& symbol);
  void boot();
  bool step();
  void take(std::vector<guard::Event> events);
  void carry_out(const guard::Command& command);
  void something_happened();
  void every(Duration period, std::function<void()> what);
  void move_prices();
  void endanger();
  void poll_bot();
  // world_troubles.cc
  void serve(const Served& served);
  bool serve_fault(const Served& served);
  // world_end.cc
  void judge_end();
  bool ended_well() const;
  bool bot_is_down() const;

  Stage stage_;
  Truth truth_;
  Engine engine_;
  Bot bot_;
  Memory memory_;
  std::unique_ptr<Process> process_, dead_;
  MonoTime price_moved_{};
  int ticks_at_once_ = 0;
  std::int64_t second_ = 0;
  int calls_this_second_ = 0;
};

}  // namespace vakthund::sim
