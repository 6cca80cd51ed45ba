#include "watchdog/guard/ladder.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;

model::Duration pause_after(int failures) {
  return std::min<model::Duration>(250ms * (1 << std::min(failures, 6)), Ladder::kLongest);
}

}  // namespace

bool runs(const model::Container& container) {
  using model::ContainerStatus;
  switch (container.status.value()) {
    case ContainerStatus::created:
    case ContainerStatus::exited:
    case ContainerStatus::dead:
      return false;
    default:
      return true;
  }
}

bool may_restart(const model::Container& container) {
  return !container.restart_policy.empty() && container.restart_policy != "no";
}

void Ladder::go(Step step) {
  failures_ = 0;
  climb(step, {});
}

void Ladder::climb(Step step, model::MonoTime not_before) {
  step_ = step;
  asked_.reset();
  retry_at_ = not_before;
}

void Ladder::pause(model::Now now) {
  began_ = now.mono;
  go(Step::pausing);
}

void Ladder::stop() {
  wants_stop_ = true;
  revived_ = 0;
  failures_ = 0;
  switch (step_) {
    case Step::stopping:
    case Step::killing:
    case Step::disabling:
    case Step::verifying:
      return;
    case Step::stopped:  // early, because it could not be paused
      return go(Step::verifying);
    case Step::none:
    case Step::pausing:
    case Step::paused:
    case Step::checking:
      return go(Step::stopping);
  }
}

std::optional<ContainmentStep> Ladder::command() const {
  switch (step_) {
    case Step::pausing:
      return ContainmentStep::pause;
    case Step::stopping:
      return ContainmentStep::stop;
    case Step::killing:
      return ContainmentStep::kill;
    case Step::disabling:
      return ContainmentStep::disable_restart;
    case Step::checking:
    case Step::verifying:
      return ContainmentStep::inspect;
    case Step::none:
    case Step::paused:
    case Step::stopped:
      break;
  }
  return std::nullopt;
}

bool Ladder::idle() const { return !command(); }

void Ladder::advance(model::Now now, Commands& out) {
  if (asked_ && now.mono >= *asked_ + kLost) {
    failed(error(ErrorKind::unknown, fmt::format("no answer of the {}", noun_)), now);
  }
  const auto step = command();
  if (!step || asked_ || now.mono < retry_at_) return;
  asked_ = now.mono;
  out.push_back(ContainmentCommand{*step});
}

void Ladder::on(const Event& event, model::Now now) {
  using Target = ContainmentTarget;
  if (const auto* answer = std::get_if<ContainmentDone>(&event)) {
    if (answer->target == Target::container && command() == answer->step) done(answer->step);
  } else if (const auto* failure = std::get_if<ContainmentFailed>(&event)) {
    if (failure->target == Target::container && command() == failure->step) {
      failed(failure->error, now);
    }
  } else if (const auto* look = std::get_if<ContainerSeen>(&event)) {
    seen(look->container, now);
  } else if (const auto* unseen = std::get_if<FeedFailed>(&event)) {
    if (unseen->feed == model::Feed::container && command() == ContainmentStep::inspect) {
      failed(unseen->error, now);
    }
  }
}

void Ladder::done(ContainmentStep step) {
  switch (step) {
    case ContainmentStep::pause:
      note_(fmt::format("bot contained: its {} is paused", noun_));
      trouble_.clear();
      return go(wants_stop_ ? Step::stopping : Step::paused);
    case ContainmentStep::stop:
      note_(noun_ + " stopped");
      return go(Step::disabling);
    case ContainmentStep::kill:
      note_(noun_ + " killed (SIGKILL)");
      return go(Step::disabling);
    case ContainmentStep::disable_restart:
      note_(noun_ == "unit" ? "unit masked or disabled" : "restart policy set to \"no\"");
      return go(Step::verifying);
    case ContainmentStep::inspect:
    case ContainmentStep::start:
      return;
  }
}

void Ladder::failed(const Error& failure, model::Now now) {
  if (failure.kind == ErrorKind::not_found) return gone(now);
  if (step_ == Step::disabling && failure.kind == ErrorKind::invalid) {
    keeps_policy_ = true;
    note_(fmt::format("restart policy cannot be changed: {}; stopped by request, it stays stopped",
                      failure.message));
    return go(Step::verifying);
  }
  if (trouble_ != failure.message) note_(noun_ + ": " + failure.message);
  trouble_ = failure.message;
  ++failures_;
  const model::MonoTime later = now.mono + pause_after(failures_);
  if (step_ == Step::pausing) {
    settled_ = true;
    return climb(Step::stopping, {});
  }
  if (step_ == Step::stopping) return climb(Step::killing, {});
  climb(step_ == Step::killing ? Step::stopping : step_, later);
}

// Nothing runs under its name just now. Whoever re-creates it (Compose, an updater) needs a moment.
void Ladder::gone(model::Now now) {
  settled_ = true;
  if (missed_ == 0) note_(fmt::format("the {} is gone: nothing of its name exists", noun_));
  if (!wants_stop_ && step_ == Step::pausing) return go(Step::paused);
  if (++missed_ < 2) return climb(Step::verifying, now.mono + kLookAgain);
  note_(fmt::format("the {} was looked for again: there is still none of its name", noun_));
  trouble_.clear();
  go(Step::stopped);
}

void Ladder::seen(const model::Container& container, model::Now now) {
  const bool acts = runs(container) && container.status != model::ContainerStatus::paused;
  if (step_ == Step::verifying) {
    if (asked_) verify(container, now);
  } else if (step_ == Step::checking) {
    if (!asked_) return;
    if (!acts) return go(wants_stop_ ? Step::verifying : Step::paused);
    const bool other = !id_.empty() && container.id != id_;
    note_(fmt::format("the {} is {} again{}: contained again", noun_, container.status.text(),
                      other ? ", re-created under the same name" : ""));
    go(wants_stop_ ? Step::stopping : Step::pausing);
  } else if ((step_ == Step::paused || step_ == Step::stopped) && acts) {
    // This look may be older than the step; the next one is not.
    const bool unseen_pause = noun_ == "unit" && step_ == Step::paused;
    if (!unseen_pause) go(Step::checking);
    return;
  }
  id_ = container.id;
}

void Ladder::verify(const model::Container& container, model::Now now) {
  missed_ = 0;
  const bool down = !runs(container);
  if (down && (keeps_policy_ || !may_restart(container))) {
    note_(fmt::format("{} verified: it does not run and will not restart", noun_));
    trouble_.clear();
    return go(Step::stopped);
  }
  ++revived_;
  const Error why =
      error(ErrorKind::unavailable, fmt::format("the {} is still {}, restart policy {}", noun_,
                                                container.status.text(), container.restart_policy));
  if (trouble_ != why.message) note_(noun_ + ": " + why.message);
  trouble_ = why.message;
  failures_ = 0;
  climb(down ? Step::disabling : Step::killing, now.mono + pause_after(revived_ + 1));
}

bool Ladder::settled(model::MonoTime now) {
  settled_ = settled_ || step_ != Step::pausing || now >= began_ + kPatience;
  return settled_;
}

std::optional<model::MonoTime> Ladder::next_deadline(model::MonoTime now) const {
  if (idle()) return std::nullopt;
  model::MonoTime next = asked_ ? *asked_ + kLost : retry_at_;
  if (!settled_ && now < began_ + kPatience) next = std::min(next, began_ + kPatience);
  return next;
}

}  // namespace vakthund::guard
