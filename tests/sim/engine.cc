#include "tests/sim/engine.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using guard::ContainmentStep;

}  // namespace

std::string Engine::carry_out(ContainmentStep step) {
  switch (step) {
    case ContainmentStep::pause:
      if (status_ != "running") break;  // done: paused, or not running at all
      status_ = "paused";
      paused_at_ = stage_.time.now();
      break;
    case ContainmentStep::stop:
      status_ = "exited";
      if (stage_.strikes(Trouble::engine_revives)) {
        stage_.time.after(stage_.dice.within(200ms, 6s), [this] { engine_restarts(); });
      }
      break;
    case ContainmentStep::disable_restart:
      policy_ = "no";
      break;
    case ContainmentStep::kill:
      status_ = "exited";
      break;
    case ContainmentStep::inspect:
    case ContainmentStep::start:  // of a safe mode, which no world has
      break;
  }
  done_.push_back(step);
  return "";
}

void Engine::execute(ContainmentStep step, std::function<void(guard::Event)> tell) {
  const auto failed = [=](std::string why, ErrorKind kind) {
    return guard::ContainmentFailed{step, error(kind, std::move(why))};
  };
  const Duration way = stage_.dice.within(2ms, 60ms);
  if (stage_.lasting(Trouble::engine_gone)) {
    stage_.strikes(Trouble::engine_gone);
    return stage_.time.bound_after(way,
                                   [=] { tell(failed("no such socket", ErrorKind::unavailable)); });
  }
  if (stage_.strikes(Trouble::engine_fails)) {
    return stage_.time.bound_after(
        way, [=] { tell(failed("HTTP 500: the engine is out of sorts", ErrorKind::unavailable)); });
  }
  const Duration slow = stage_.strikes(Trouble::engine_slow) ? stage_.dice.within(1s, 12s) : way;
  // Sent is sent: it takes effect whether or not whoever sent it lives.
  stage_.time.after(slow, [=, this, life = stage_.time.life()] {
    const std::string why = carry_out(step);
    stage_.trace.line("engine: " + std::string(to_string(step)) + " " + (why.empty() ? "ok" : why));
    stage_.something_happened();
    if (life != stage_.time.life() || stage_.strikes(Trouble::engine_mute)) return;
    stage_.time.bound_after(2ms, [=, this] {
      if (!why.empty()) return tell(failed(why, ErrorKind::refused));
      if (step == ContainmentStep::inspect) return tell(look());
      tell(guard::ContainmentDone{step});
    });
  });
}

guard::ContainerSeen Engine::look() const {
  model::Container seen;
  seen.name = "bot";
  seen.status = model::Open<model::ContainerStatus>::parse(status_);
  seen.restart_policy = policy_;
  return {seen};
}

guard::Event Engine::poll() const {
  if (stage_.lasting(Trouble::engine_gone)) {
    return guard::FeedFailed{model::Feed::container,
                             error(ErrorKind::unavailable, "no such socket")};
  }
  return look();
}

void Engine::start_again() {
  status_ = "running";
  stage_.trace.line("engine: somebody started the container");
}

void Engine::engine_restarts() {
  if (status_ != "exited" || policy_ == "no") return;
  status_ = "running";
  stage_.trace.line("engine: restarted, and the container with it");
}

}  // namespace vakthund::sim
