// The container engine and the bot's container in it. Engines behave as measured (toolchain.md
// §5a): a pause of a container that does not run fails, a stop leaves it down whatever its restart
// policy says — unless the engine is restarted, which revives it where the policy is not "no".
#pragma once

#include <functional>
#include <string>

#include "tests/sim/stage.h"

namespace vakthund::sim {

class Engine {
 public:
  explicit Engine(Stage& stage) : stage_(stage), policy_(stage.recipe.restart_policy) {}

  // Answers go to `tell`, which dies with the process that asked.
  void execute(guard::ContainmentStep step, std::function<void(guard::Event)> tell);
  guard::ContainerSeen look() const;
  // What the watchdog's own look, every few seconds, brings.
  guard::Event poll() const;

  bool running() const { return status_ == "running"; }
  bool down() const { return status_ == "exited"; }
  const std::string& status() const { return status_; }
  const std::string& policy() const { return policy_; }
  MonoTime paused_at() const { return paused_at_; }
  // Somebody else starts it, or its engine is restarted.
  void start_again();
  void engine_restarts();
  // Steps that took effect, in order.
  const std::vector<guard::ContainmentStep>& done() const { return done_; }

 private:
  std::string carry_out(guard::ContainmentStep step);  // empty: done; otherwise why not
  Stage& stage_;
  std::string status_ = "running";
  std::string policy_;
  MonoTime paused_at_{};
  std::vector<guard::ContainmentStep> done_;
};

}  // namespace vakthund::sim
