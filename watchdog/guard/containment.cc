#include "watchdog/guard/containment.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using Step = ContainmentStep;
using Target = ContainmentTarget;

std::string with(std::string text, const std::string& said) {
  return said.empty() ? text : text + ": " + said;
}

}  // namespace

Containment::Containment(Rungs rungs, std::string reason, Note note)
    : rungs_(rungs),
      reason_(std::move(reason)),
      note_(std::move(note)),
      ladder_(rungs.unit ? "unit" : "container", note_) {}

void Containment::pause(model::Now now, Commands& out) {
  if (rungs_.bot_api) out.push_back(ContainmentCommand{Step::pause, Target::bot_api});
  hook_began_ = now.mono;
  if (rungs_.container) ladder_.pause(now);
  advance(now, out);
}

void Containment::stop(model::Now) {
  if (rungs_.container) ladder_.stop();
  // Its tries are counted anew: the close may have taken long.
  if (!hook_.done) hook_failures_ = 0;
}

void Containment::advance(model::Now now, Commands& out) {
  if (rungs_.container) ladder_.advance(now, out);
  if (ladder_.resists() && !warned_) {
    warned_ = true;
    warning_ = ladder_.trouble();
  }
  if (!rungs_.hook || hook_.done) return;
  if (hook_.asked && now.mono >= *hook_.asked + kHookLost) hook_failed("no answer", now);
  if (hook_.asked || now.mono < hook_retry_at_) return;
  hook_.asked = now.mono;
  out.push_back(ContainmentCommand{Step::stop, Target::hook, reason_});
}

void Containment::on(const Event& event, model::Now now) {
  if (rungs_.container) ladder_.on(event, now);
  if (const auto* done = std::get_if<ContainmentDone>(&event)) {
    on_answer(done->target, done->said, nullptr, now);
  } else if (const auto* failed = std::get_if<ContainmentFailed>(&event)) {
    on_answer(failed->target, failed->error.message, &failed->error, now);
  }
}

void Containment::on_answer(Target target, const std::string& said, const Error* failure,
                            model::Now now) {
  switch (target) {
    case Target::container:
      return;
    case Target::bot_api:
      note_(with(
          failure ? "the bot's API did not stop new entries" : "the bot's API takes no new entries",
          said));
      return;
    case Target::hook:
      if (!hook_.asked) return;
      if (failure) return hook_failed(said, now);
      hook_.done = true;
      hook_.asked.reset();
      hook_trouble_.clear();
      note_(with("stop hook done", said));
      return;
    case Target::safe_mode:
      if (!safe_mode_.asked || safe_mode_.answered) return;
      safe_mode_.answered = true;
      safe_mode_.done = failure == nullptr;
      note_(with(failure ? "safe mode was NOT started" : "safe mode started", said));
      if (failure) warning_ = "safe mode was not started: " + said;
      return;
  }
}

void Containment::hook_failed(const std::string& why, model::Now now) {
  if (hook_trouble_ != why) note_(with("stop hook failed", why));
  hook_trouble_ = why;
  hook_.asked.reset();
  hook_.answered = true;
  ++hook_failures_;
  hook_retry_at_ = now.mono + std::min<model::Duration>(1s * (1 << std::min(hook_failures_, 5)),
                                                        Ladder::kLongest);
  if (hook_failures_ < kTries || warned_) return;
  warned_ = true;
  warning_ = with("the stop hook fails", why);
}

void Containment::start_safe_mode(model::Now now, Commands& out) {
  if (!rungs_.safe_mode || safe_mode_.asked) return;
  safe_mode_.asked = now.mono;
  out.push_back(ContainmentCommand{Step::start, Target::safe_mode});
}

bool Containment::safe_mode_settled(model::MonoTime now) const {
  return !safe_mode_.asked || safe_mode_.answered || now >= *safe_mode_.asked + Ladder::kLost;
}

bool Containment::settled(model::MonoTime now) {
  const bool ladder = !rungs_.container || ladder_.settled(now);
  // Beside a container the hook is not what stops the bot first.
  const bool hook = !rungs_.hook || rungs_.container || hook_.done || hook_.answered ||
                    now >= hook_began_ + Ladder::kPatience;
  return ladder && hook;
}

bool Containment::stopped() const {
  return (!rungs_.container || ladder_.stopped()) && (!rungs_.hook || hook_.done);
}

// What is not stopped yet has failed often enough; what is stopped is left out of it.
bool Containment::resists() const {
  const bool ladder = !rungs_.container || ladder_.stopped() || ladder_.resists();
  const bool hook = !rungs_.hook || hook_.done || hook_failures_ >= kTries;
  return ladder && hook && !stopped();
}

std::string Containment::trouble() const {
  std::string text = ladder_.trouble();
  if (!hook_trouble_.empty()) text += (text.empty() ? "" : "; ") + with("stop hook", hook_trouble_);
  return text;
}

std::string Containment::take_warning() { return std::exchange(warning_, {}); }

std::optional<model::MonoTime> Containment::next_deadline(model::MonoTime now) const {
  std::optional<model::MonoTime> next;
  const auto sooner = [&](std::optional<model::MonoTime> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  if (rungs_.container) sooner(ladder_.next_deadline(now));
  if (rungs_.hook && !hook_.done) {
    sooner(hook_.asked ? *hook_.asked + kHookLost : hook_retry_at_);
    const bool awaited = !hook_.answered && !rungs_.container;
    if (awaited && now < hook_began_ + Ladder::kPatience) sooner(hook_began_ + Ladder::kPatience);
  }
  if (safe_mode_.asked && !safe_mode_.answered) sooner(*safe_mode_.asked + Ladder::kLost);
  return next;
}

}  // namespace vakthund::guard
