// What is remembered and what is told, as db/ and alerts/ do it: written a moment after it was
// commanded, in order; while the disk is bad it waits in the process's memory and dies with it. An
// alert is owed until a sink has taken it; a restart sends what was remembered and not delivered.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/stage.h"

namespace vakthund::sim {

class Memory {
 public:
  explicit Memory(Stage& stage) : stage_(stage) {}

  void save(const guard::KillRecord& kill) {
    newest_ = kill;
    write([this, kill] { kill_ = kill; });
  }
  void save(const model::Baseline& baseline) {
    write([this, baseline] { baseline_ = baseline; });
  }
  void raise(const guard::Alert& alert) {
    ++stage_.tally.alerts;
    alerts_.push_back(alert);
    write([this, alert] { owed_.push_back(alert); });
  }
  // The process died: what was not written is gone.
  void die() {
    if (newest_ != kill_) forgot_ = true;
    newest_ = kill_;
    waiting_.clear();
    ++life_;
    planned_ = false;
  }
  const guard::KillRecord& kill() const { return kill_; }
  const std::optional<model::Baseline>& baseline() const { return baseline_; }
  // A switch that was pulled was forgotten.
  bool forgot() const { return forgot_; }
  std::size_t unwritten() const { return waiting_.size(); }
  const std::vector<guard::Alert>& delivered() const { return delivered_; }
  const std::deque<guard::Alert>& owed() const { return owed_; }
  const std::vector<guard::Alert>& raised() const { return alerts_; }
  // Delivered, or still owed.
  bool knows(std::string_view event_begins) const {
    const auto is = [&](const guard::Alert& alert) {
      return alert.event.starts_with(event_begins);
    };
    return std::any_of(delivered_.begin(), delivered_.end(), is) ||
           std::any_of(owed_.begin(), owed_.end(), is);
  }

 private:
  void write(std::function<void()> what) {
    waiting_.push_back(std::move(what));
    plan();
  }
  void plan() {
    if (planned_ || waiting_.empty()) return;
    planned_ = true;
    using namespace std::chrono_literals;
    const bool bad = stage_.lasting(Trouble::bad_disk);
    if (bad) stage_.strikes(Trouble::bad_disk);
    const auto later = bad ? Duration(500ms) : stage_.dice.within(1ms, 15ms);
    stage_.time.after(later, [this, life = life_] {
      if (life != life_) return;
      planned_ = false;
      if (!stage_.lasting(Trouble::bad_disk)) {
        for (const auto& what : std::exchange(waiting_, {})) what();
        deliver();
      }
      plan();
    });
  }
  void deliver() {
    if (stage_.lasting(Trouble::sink_down)) {
      stage_.strikes(Trouble::sink_down);
      stage_.time.after(std::chrono::seconds(2), [this] { deliver(); });
      return;
    }
    stage_.tally.delivered += owed_.size();
    for (guard::Alert& alert : owed_) delivered_.push_back(std::move(alert));
    owed_.clear();
  }

  Stage& stage_;
  std::deque<std::function<void()>> waiting_;
  bool planned_ = false, forgot_ = false;
  int life_ = 0;
  guard::KillRecord kill_, newest_;
  std::optional<model::Baseline> baseline_;
  std::deque<guard::Alert> owed_;
  std::vector<guard::Alert> delivered_, alerts_;
};

}  // namespace vakthund::sim
