#include "watchdog/guard/containment.h"

#include <algorithm>

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;

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

void Containment::pause(model::Now now, Commands& out) {
  if (!has_container_) return;
  began_ = now.mono;
  go(Step::pausing);
  advance(now, out);
}

void Containment::stop(model::Now) {
  if (!has_container_ || step_ == Step::stopped) return;
  go(Step::stopping);
  revived_ = 0;
}

void Containment::advance(model::Now now, Commands& out) {
  if (asked_ && now.mono >= *asked_ + kLost) {
    failed(error(ErrorKind::unknown, "the engine did not answer"), now);
  }
  if (asked_ || now.mono < retry_at_) return;
  const auto send = [&](ContainerStep step) {
    asked_ = now.mono;
    out.push_back(ContainerCommand{step});
  };
  switch (step_) {
    case Step::pausing:
      send(ContainerStep::pause);
      return;
    case Step::stopping:
      send(ContainerStep::stop);
      return;
    case Step::disabling:
      send(ContainerStep::disable_restart);
      return;
    case Step::verifying:
      send(ContainerStep::inspect);
      return;
    case Step::none:
    case Step::paused:
    case Step::stopped:
      return;
  }
}

void Containment::on(const Event& event, model::Now now) {
  if (const auto* done = std::get_if<ContainerDone>(&event)) {
    if (done->step == ContainerStep::pause && step_ == Step::pausing) {
      note_("bot contained: its container is paused");
      go(Step::paused);
    } else if (done->step == ContainerStep::stop && step_ == Step::stopping) {
      note_("container stopped");
      go(Step::disabling);
    } else if (done->step == ContainerStep::disable_restart && step_ == Step::disabling) {
      note_("restart policy set to \"no\"");
      go(Step::verifying);
    }
  } else if (const auto* failure = std::get_if<ContainerFailed>(&event)) {
    if (awaits(failure->step)) failed(failure->error, now);
  } else if (const auto* awake = std::get_if<ContainerSeen>(&event);
             awake && step_ == Step::paused &&
             awake->container.status == model::ContainerStatus::running) {
    // A bot that trades against the close can keep it from ever coming to the stop.
    note_("the container runs again: pausing it anew");
    go(Step::pausing);
  } else if (const auto* seen = std::get_if<ContainerSeen>(&event);
             seen && step_ == Step::verifying) {
    if (!runs(seen->container) && !may_restart(seen->container)) {
      note_("container verified: it does not run and will not restart");
      trouble_.clear();
      go(Step::stopped);
    } else if (asked_) {
      failed(error(ErrorKind::unavailable,
                   "the container is still " + std::string(seen->container.status.text()) +
                       ", restart policy " + seen->container.restart_policy),
             now);
      go(Step::stopping);
      ++revived_;
      retry_at_ = now.mono + 1s;
    }
  } else if (const auto* unseen = std::get_if<FeedFailed>(&event);
             unseen && unseen->feed == model::Feed::container && step_ == Step::verifying) {
    failed(unseen->error, now);
  }
}

bool Containment::awaits(ContainerStep step) const {
  switch (step) {
    case ContainerStep::pause:
      return step_ == Step::pausing;
    case ContainerStep::stop:
      return step_ == Step::stopping;
    case ContainerStep::disable_restart:
      return step_ == Step::disabling;
    case ContainerStep::inspect:
      return step_ == Step::verifying;
  }
  return false;
}

void Containment::failed(const Error& failure, model::Now now) {
  if (step_ == Step::none || step_ == Step::paused || step_ == Step::stopped) return;
  if (trouble_ != failure.message) note_("container: " + failure.message);
  trouble_ = failure.message;
  ++failures_;
  asked_.reset();
  retry_at_ = now.mono + std::min<model::Duration>(250ms * (1 << std::min(failures_, 6)), 10s);
}

bool Containment::settled(model::MonoTime now) const {
  return step_ != Step::pausing || failures_ > 0 || now >= began_ + kPatience;
}

std::optional<model::MonoTime> Containment::next_deadline(model::MonoTime now) const {
  if (step_ == Step::none || step_ == Step::paused || step_ == Step::stopped) return std::nullopt;
  model::MonoTime next = asked_ ? *asked_ + kLost : retry_at_;
  if (step_ == Step::pausing && now < began_ + kPatience) {
    next = std::min(next, began_ + kPatience);
  }
  return next;
}

}  // namespace vakthund::guard
