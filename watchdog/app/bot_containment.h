// Carries out the guard's ContainmentCommands, each where it belongs: the container's engine, the
// systemd unit, the bot's own API, the operator's stop hook, the engine of the safe mode. What
// blocks runs on threads of its own, a step never behind a look.
//
// Every command is answered once, on the loop's thread: ContainmentDone, ContainmentFailed, or
// ContainerSeen. The hook is given PATH, HOME, LANG and VAKTHUND_ACCOUNT, VAKTHUND_REASON.
// Watching tells ContainerSeen or FeedFailed(container) every EngineClient::kInspectInterval.
// Threads: the loop's. The destructor ends what runs (a hook too) and waits for it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "watchdog/app/worker.h"
#include "watchdog/bot/bot_control.h"
#include "watchdog/bot/claims.h"
#include "watchdog/config/config.h"
#include "watchdog/container/engine_client.h"
#include "watchdog/host/unit.h"

namespace vakthund::app {

class BotContainment {
 public:
  using Sink = std::function<void(guard::Event)>;

  // `claims`: of the container's log; null: it is not read.
  BotContainment(net::Loop& loop, const config::Account& account,
                 std::shared_ptr<bot::Claims> claims, Sink sink);
  ~BotContainment();
  BotContainment(const BotContainment&) = delete;
  BotContainment& operator=(const BotContainment&) = delete;

  void execute(const guard::ContainmentCommand& command);
  // Whether there is anything to watch: a container or a unit.
  bool watches() const { return engine_ || unit_; }
  void watch();

 private:
  void take_engines(const config::Account& account, std::shared_ptr<bot::Claims> claims);
  void on_unit(guard::ContainmentStep step);
  void look_at_unit();
  void run_hook(const std::string& reason);
  void stop_entries();
  // Runs on the worker (made when it is first needed); what it returns is told on the loop.
  void give(std::unique_ptr<Worker>& worker, std::function<guard::Event()> task,
            guard::Event refusal);
  void tell(guard::Event event);

  net::Loop& loop_;
  const std::string account_;
  const config::StopHook hook_;
  const Sink sink_;
  std::unique_ptr<container::EngineClient> engine_;
  std::unique_ptr<container::EngineClient> safe_engine_;
  std::unique_ptr<host::Unit> unit_;
  std::unique_ptr<bot::BotControl> control_;
  net::Timer look_timer_;
  host::Interrupt interrupt_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  // Last, so that they are ended first.
  std::unique_ptr<Worker> steps_, looks_, hook_worker_, api_worker_;
};

}  // namespace vakthund::app
