// What the bot runs in (a container, or a systemd unit), taken down rung by rung: pause at once,
// stop at the end, kill what resists, take the restart policy away, look whether it holds.
//
// It only climbs: what cannot be paused is stopped at once, what cannot be stopped is killed. One
// that is gone (`not_found`) counts as not running and is looked for by its name again; one that
// runs again, or was re-created under its name, is contained again for as long as the kill runs.
// Pure. Threads: the guard's. Limits: what fails is tried again with growing pauses, at most
// kLongest apart. Source: toolchain.md §5a (what each engine call does to each restart policy).
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

class Ladder {
 public:
  using Note = std::function<void(std::string)>;
  // `noun`: "container" or "unit". Of a unit nobody tells whether it is paused.
  Ladder(std::string noun, Note note) : noun_(std::move(noun)), note_(std::move(note)) {}

  void pause(model::Now now);
  void stop();  // from here on to the last rung
  void advance(model::Now now, Commands& out);
  void on(const Event& event, model::Now now);

  // Whether orders may go out: paused, cannot be, or has had its time. Once so, always so.
  bool settled(model::MonoTime now);
  bool stopped() const { return step_ == Step::stopped; }
  bool resists() const { return failures_ >= kTries || revived_ >= kTries; }
  // The engine cannot change its restart policy; stopped by request, it stays stopped.
  bool keeps_policy() const { return keeps_policy_; }
  const std::string& trouble() const { return trouble_; }
  std::optional<model::MonoTime> next_deadline(model::MonoTime now) const;

  static constexpr model::Duration kPatience = std::chrono::milliseconds(500);
  static constexpr model::Duration kLost = std::chrono::seconds(15);
  static constexpr model::Duration kLookAgain = std::chrono::seconds(2);
  static constexpr model::Duration kLongest = std::chrono::seconds(10);
  static constexpr int kTries = 3;

 private:
  enum class Step {
    none,
    pausing,
    paused,
    checking,  // it seems to run though it was paused or stopped
    stopping,
    killing,
    disabling,
    verifying,
    stopped
  };
  void go(Step step);
  void climb(Step step, model::MonoTime not_before);  // keeps count of failures
  void done(ContainmentStep step);
  void failed(const Error& failure, model::Now now);
  void gone(model::Now now);
  void seen(const model::Container& container, model::Now now);
  void verify(const model::Container& container, model::Now now);
  std::optional<ContainmentStep> command() const;
  bool idle() const;

  std::string noun_;
  Note note_;
  Step step_ = Step::none;
  bool wants_stop_ = false;
  model::MonoTime began_{};
  bool settled_ = false;
  std::optional<model::MonoTime> asked_;
  model::MonoTime retry_at_{};
  int failures_ = 0;  // in a row
  int revived_ = 0;   // seen not to be down after it was stopped
  int missed_ = 0;    // looked for in a row, and not there
  bool keeps_policy_ = false;
  std::string id_;  // of the one that was contained last
  std::string trouble_;
};

}  // namespace vakthund::guard
