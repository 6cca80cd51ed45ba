#include "watchdog/app/bot_containment.h"

#include <fmt/format.h>

#include "watchdog/app/bot_side.h"

namespace vakthund::app {
namespace {

using guard::ContainmentDone;
using guard::ContainmentFailed;
using guard::ContainmentStep;
using guard::ContainmentTarget;

guard::Event answer(ContainmentStep step, ContainmentTarget target, const Result<void>& result) {
  if (result) return ContainmentDone{step, target};
  return ContainmentFailed{step, result.error(), target};
}

guard::Event hook_answer(const config::StopHook& hook, const Result<host::Outcome>& outcome) {
  constexpr auto kStep = ContainmentStep::stop;
  constexpr auto kTarget = ContainmentTarget::hook;
  if (!outcome) return ContainmentFailed{kStep, outcome.error(), kTarget};
  std::string said = host::first_lines(outcome->output);
  if (outcome->exit_code == 0) return ContainmentDone{kStep, kTarget, std::move(said)};
  return ContainmentFailed{kStep,
                           error(ErrorKind::unavailable,
                                 fmt::format("{} ended with {}{}{}", hook.exec.front(),
                                             outcome->exit_code, said.empty() ? "" : ": ", said),
                                 outcome->exit_code),
                           kTarget};
}

Error too_much(std::string_view what) {
  return error(ErrorKind::unavailable, fmt::format("{}: too many steps wait for it", what));
}

}  // namespace

BotContainment::BotContainment(net::Loop& loop, const config::Account& account,
                               std::shared_ptr<bot::Claims> claims, Sink sink)
    : loop_(loop),
      account_(account.name),
      hook_(account.bot.stop_hook),
      sink_(std::move(sink)),
      look_timer_(loop) {
  take_engines(account, std::move(claims));
  if (account.bot.systemd.configured()) {
    unit_ = std::make_unique<host::Unit>(account.bot.systemd.unit);
  }
  if (rungs_of(account.bot).bot_api) {
    control_ = std::make_unique<bot::BotControl>(bot_settings(account));
  }
}

BotContainment::~BotContainment() {
  *alive_ = false;
  interrupt_.raise();
  if (unit_) unit_->interrupt();
  if (control_) control_->interrupt();
}

void BotContainment::take_engines(const config::Account& account,
                                  std::shared_ptr<bot::Claims> claims) {
  const config::Bot& bot = account.bot;
  if (bot.container.configured()) {
    container::EngineSettings settings;
    settings.engine = bot.container.engine;
    settings.container = bot.container.name;
    if (claims) {
      settings.claim = [claims](std::string_view line, model::WallTime time) {
        return claims->find(line, time);
      };
    }
    engine_ = std::make_unique<container::EngineClient>(loop_, std::move(settings), sink_);
  }
  if (!bot.safe_mode.configured()) return;
  container::EngineSettings settings;
  settings.engine = bot.safe_mode.engine.empty() ? bot.container.engine : bot.safe_mode.engine;
  settings.container = bot.safe_mode.container;
  settings.target = ContainmentTarget::safe_mode;
  settings.never = bot.container.name;
  safe_engine_ = std::make_unique<container::EngineClient>(loop_, std::move(settings), sink_);
}

void BotContainment::execute(const guard::ContainmentCommand& command) {
  // The guard commands only what its settings say there is.
  switch (command.target) {
    case ContainmentTarget::container:
      if (engine_) engine_->execute(command);
      if (unit_) on_unit(command.step);
      return;
    case ContainmentTarget::safe_mode:
      if (safe_engine_) safe_engine_->execute(command);
      return;
    case ContainmentTarget::hook:
      if (!hook_.exec.empty()) run_hook(command.reason);
      return;
    case ContainmentTarget::bot_api:
      if (control_) stop_entries();
      return;
  }
}

void BotContainment::watch() {
  if (engine_) engine_->watch();
  if (unit_) look_at_unit();
}

void BotContainment::on_unit(ContainmentStep step) {
  const auto task = [unit = unit_.get(), step]() -> guard::Event {
    if (step != ContainmentStep::inspect) {
      return answer(step, ContainmentTarget::container, unit->take(step));
    }
    auto seen = unit->look();
    if (seen) return guard::ContainerSeen{*std::move(seen)};
    return ContainmentFailed{step, seen.error()};
  };
  give(steps_, task, ContainmentFailed{step, too_much("systemctl")});
}

void BotContainment::look_at_unit() {
  const auto task = [unit = unit_.get()]() -> guard::Event {
    auto seen = unit->look();
    if (seen) return guard::ContainerSeen{*std::move(seen)};
    return guard::FeedFailed{model::Feed::container, seen.error()};
  };
  give(looks_, task, guard::FeedFailed{model::Feed::container, too_much("systemctl")});
  look_timer_.after(container::EngineClient::kInspectInterval, [this] { look_at_unit(); });
}

void BotContainment::run_hook(const std::string& reason) {
  host::Program program;
  program.argv = hook_.exec;
  program.environment = host::plain_environment();
  program.environment.push_back("VAKTHUND_ACCOUNT=" + account_);
  program.environment.push_back("VAKTHUND_REASON=" + reason);
  program.deadline = std::chrono::duration_cast<std::chrono::milliseconds>(hook_.deadline);
  give(
      hook_worker_,
      [this, program = std::move(program)] {
        return hook_answer(hook_, host::run(program, interrupt_));
      },
      ContainmentFailed{ContainmentStep::stop, too_much(hook_.exec.front()),
                        ContainmentTarget::hook});
}

void BotContainment::stop_entries() {
  give(
      api_worker_,
      [control = control_.get()] {
        return answer(ContainmentStep::pause, ContainmentTarget::bot_api, control->stop_entries());
      },
      ContainmentFailed{ContainmentStep::pause, too_much("the bot's API"),
                        ContainmentTarget::bot_api});
}

void BotContainment::give(std::unique_ptr<Worker>& worker, std::function<guard::Event()> task,
                          guard::Event refusal) {
  if (!worker) worker = std::make_unique<Worker>();
  const bool taken = worker->give([this, task = std::move(task)] { tell(task()); });
  if (!taken) tell(std::move(refusal));
}

void BotContainment::tell(guard::Event event) {
  loop_.post([this, alive = std::weak_ptr<bool>(alive_), event = std::move(event)]() mutable {
    if (alive.lock()) sink_(std::move(event));
  });
}

}  // namespace vakthund::app
