// Keeps the bot from trading against the kill: pauses its container at once, and stops it at the
// end, verified, with its restart policy taken away.
//
// The close does not wait for a container that resists: kPatience after the pause was asked for the
// orders go out, while pausing is tried again. Pure. Threads: the guard's.
// Source: toolchain.md §5a (what each engine call does to each restart policy).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "watchdog/guard/book.h"

namespace vakthund::guard {

// Whether a container does anything, or could at any moment (paused).
bool runs(const model::Container& container);
// Whether its engine would start it again by itself.
bool may_restart(const model::Container& container);

class Containment {
 public:
  using Note = std::function<void(std::string)>;
  Containment(bool has_container, Note note)
      : has_container_(has_container), note_(std::move(note)) {}

  void pause(model::Now now, Commands& out);
  void stop(model::Now now);  // begins stopping; `advance` sends what is due
  void advance(model::Now now, Commands& out);
  void on(const Event& event, model::Now now);

  bool has_container() const { return has_container_; }
  // Whether orders may go out: the bot is paused, cannot be, or has had its time.
  bool settled(model::MonoTime now) const;
  // Stopped, seen not to run, and its restart policy is "no"; or there is no container.
  bool stopped() const { return !has_container_ || step_ == Step::stopped; }
  // Its present step failed kTries times, or it ran again as often after it was stopped.
  bool resists() const { return failures_ >= kTries || revived_ >= kTries; }
  const std::string& trouble() const { return trouble_; }
  std::optional<model::MonoTime> next_deadline(model::MonoTime now) const;

  static constexpr model::Duration kPatience = std::chrono::milliseconds(500);
  static constexpr model::Duration kLost = std::chrono::seconds(15);
  static constexpr int kTries = 3;

 private:
  enum class Step { none, pausing, paused, stopping, disabling, verifying, stopped };
  void failed(const Error& failure, model::Now now);
  bool awaits(ContainerStep step) const;
  void go(Step step) {
    step_ = step;
    failures_ = 0;
    asked_.reset();
    retry_at_ = {};
  }

  bool has_container_;
  Note note_;
  Step step_ = Step::none;
  model::MonoTime began_{};
  std::optional<model::MonoTime> asked_;
  model::MonoTime retry_at_{};
  int failures_ = 0;  // of the present step
  int revived_ = 0;   // seen not to be down after it was stopped
  std::string trouble_;
};

}  // namespace vakthund::guard
