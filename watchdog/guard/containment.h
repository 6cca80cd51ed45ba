// Keeps the bot from trading against the kill, by every means that is configured, at once: the
// bot's own API takes no new entries, what it runs in is paused (ladder.h), the operator's hook
// runs. At the end what it runs in is stopped for good, and once all is proven, another container
// may bring the bot back harmless.
//
// The close does not wait for what resists: kPatience after it was asked for, the orders go out.
// Every answer stands in the timeline. Pure. Threads: the guard's.
#pragma once

#include <optional>
#include <string>

#include "watchdog/guard/ladder.h"

namespace vakthund::guard {

// What there is to contain the bot with.
struct Rungs {
  bool container = false;  // or a unit
  bool unit = false;       // it is a systemd unit
  bool bot_api = false;    // that can be told to take no new entries
  bool hook = false;
  bool safe_mode = false;
};

class Containment {
 public:
  using Note = Ladder::Note;
  // `reason`: told to the hook.
  Containment(Rungs rungs, std::string reason, Note note);

  void pause(model::Now now, Commands& out);
  void stop(model::Now now);  // begins stopping; `advance` sends what is due
  void advance(model::Now now, Commands& out);
  void on(const Event& event, model::Now now);
  // Once the account is flat and the bot verified stopped.
  void start_safe_mode(model::Now now, Commands& out);

  // Whether anything that stops the bot is configured.
  bool stops_anything() const { return rungs_.container || rungs_.hook; }
  bool settled(model::MonoTime now);
  bool stopped() const;  // verified; or nothing is configured
  bool resists() const;
  bool keeps_policy() const { return ladder_.keeps_policy(); }
  bool safe_mode_settled(model::MonoTime now) const;
  std::string trouble() const;
  // What people must be told beside the timeline, once each; empty: nothing.
  std::string take_warning();
  std::optional<model::MonoTime> next_deadline(model::MonoTime now) const;

  static constexpr model::Duration kHookLost = std::chrono::seconds(75);  // longest deadline: 60 s
  static constexpr int kTries = Ladder::kTries;

 private:
  // One command that is answered once.
  struct Once {
    std::optional<model::MonoTime> asked;
    bool answered = false;
    bool done = false;
  };
  void on_answer(ContainmentTarget target, const std::string& said, const Error* failure,
                 model::Now now);
  void hook_failed(const std::string& why, model::Now now);

  Rungs rungs_;
  std::string reason_;
  Note note_;
  Ladder ladder_;
  bool warned_ = false;
  std::string warning_;
  Once hook_;
  model::MonoTime hook_began_{};
  model::MonoTime hook_retry_at_{};
  int hook_failures_ = 0;
  std::string hook_trouble_;
  Once safe_mode_;
};

}  // namespace vakthund::guard
