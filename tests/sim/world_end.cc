// How a world ends, and what must be so then.
#include <fmt/format.h>

#include "tests/sim/world.h"
#include "watchdog/guard/containment.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using State = guard::KillRecord::State;

constexpr Duration kLongest = 300s;  // after the last trouble

}  // namespace

bool World::latched() const {
  return process_ && memory_.kill().state == State::latched &&
         (!process_->guard.plan() || process_->guard.plan()->done());
}

bool World::bot_is_down() const {
  return !stage_.recipe.has_container || (engine_.down() && engine_.policy() == "no");
}

bool World::all_done() const {
  return latched() && truth_.flat() && truth_.no_orders() && bot_is_down();
}

bool World::ended_well() const {
  if (!process_) return false;
  const bool busy = process_->guard.plan() && !process_->guard.plan()->done();
  if (busy || memory_.unwritten() > 0) return false;
  if (process_->guard.kill_record().state == State::armed || all_done()) return true;
  // Of orders that would not go a person has been told; positions and the bot are never left.
  // LIMITATION: the latch watches positions and the container alone. An order stays that a bot
  // places between the proof and its own end, or that a list hid which untruly said it is empty.
  const guard::KillPlan* plan = process_->guard.plan();
  const bool told = latched() && (stage_.recipe.lies() || truth_.only_orders_since_proof() ||
                                  (plan && !plan->receipt().left.empty()));
  return told && truth_.flat() && bot_is_down();
}

std::string World::run() {
  const Recipe& recipe = stage_.recipe;
  const bool on_time = run_until([] { return false; }, recipe.ends_after) || stage_.wrong.empty();
  if (on_time) {
    // Whoever is told that something is left tries again every thirty seconds.
    run_until([this] { return ended_well(); }, recipe.calm_after + kLongest - recipe.ends_after);
  }
  if (stage_.wrong.empty()) judge_end();
  Tally& tally = stage_.tally;
  ++tally.worlds;
  ++tally.kinds[static_cast<std::size_t>(recipe.kind)];
  tally.virtual_ms += static_cast<std::uint64_t>(stage_.time.since_start() / 1ms);
  if (truth_.injected()) ++tally.injected[static_cast<std::size_t>(recipe.danger)];
  if (truth_.found()) ++tally.found[static_cast<std::size_t>(recipe.danger)];
  if (latched()) ++tally.latched;
  if (latched() && !truth_.no_orders()) ++tally.told_left;
  if (truth_.flat()) ++tally.flat;
  if (!stage_.wrong.empty()) ++tally.wrong;
  return stage_.wrong;
}

void World::judge_end() {
  Tally& tally = stage_.tally;
  if (stage_.recipe.kind == Kind::calm) tally.check(Invariant::calm);
  if (truth_.injected()) tally.check(Invariant::found);
  if (!stage_.recipe.armed && stage_.recipe.kill_at.count() == 0) tally.check(Invariant::hands_off);
  const State state = process_ ? process_->guard.kill_record().state : memory_.kill().state;
  if (state != State::armed) {
    tally.check(Invariant::stays_flat);
    if (!ended_well()) stage_.fail(Invariant::stays_flat, describe());
  }
  tally.check(Invariant::told);
  const bool told = memory_.knows("kill.");
  if (truth_.moved_something() && !told && !memory_.forgot()) {
    stage_.fail(Invariant::told, "something was done about the account and nobody was told");
  }
  const std::size_t known = memory_.delivered().size() + memory_.owed().size();
  if (tally.crashes == 0 && known + memory_.unwritten() != memory_.raised().size()) {
    stage_.fail(Invariant::told, "an alert is neither delivered nor owed");
  }
}

std::string World::describe() const {
  std::string text = fmt::format(
      "{}; {}; container {} ({}); remembered state {}, phase {}", truth_.flat() ? "flat" : "OPEN",
      truth_.no_orders() ? "no orders" : "ORDERS", engine_.status(), engine_.policy(),
      static_cast<int>(memory_.kill().state),
      process_ && process_->guard.plan() ? to_string(process_->guard.plan()->phase()) : "none");
  for (const auto& [key, position] : stage_.account->positions) {
    if (!position.quantity.is_zero()) {
      text += fmt::format("; {} {}", key.first, position.quantity.to_string());
    }
  }
  for (const std::int64_t id : stage_.account->open_orders) {
    text += "; order " + stage_.account->orders.at(id).client_id;
  }
  for (const std::int64_t id : stage_.account->open_algos) {
    text += "; algo " + stage_.account->algos.at(id).client_id;
  }
  return text;
}

}  // namespace vakthund::sim
