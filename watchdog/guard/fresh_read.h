// A read that must have been asked for after a certain instant: how the kill learns what is so,
// not what was so before it acted. Repeats itself with back-off until it is answered.
// Pure; one object per list.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "watchdog/guard/event.h"

namespace vakthund::guard {

class FreshRead {
 public:
  explicit FreshRead(Read::What what) : what_(what) {}

  // From now on only an answer that was asked for at `since` or later will do.
  void need(model::MonoTime since) {
    since_ = since;
    when_ = {};
    satisfied_ = false;
  }
  // As need, but asks not before `when`.
  void need_at(model::MonoTime when) {
    need(when);
    when_ = when;
  }
  bool satisfied() const { return satisfied_; }
  model::MonoTime since() const { return since_; }

  // Asks where it is time to.
  void advance(model::MonoTime now, Commands& out) {
    if (satisfied_ || now < begins()) return;
    if (asked_ && now - *asked_ < kLost) return;
    asked_ = now;
    out.push_back(Read{what_, {}, {}, {}, true});
  }
  void answered(model::MonoTime asked) {
    asked_.reset();
    failures_ = 0;
    not_before_ = {};
    if (asked >= since_) satisfied_ = true;
  }
  void failed(const ReadFailed& failure, model::MonoTime now) {
    if (failure.read.what != what_ || !failure.read.urgent) return;
    asked_.reset();
    ++failures_;
    const auto pause =
        std::min<model::Duration>(kFirstPause * (1 << std::min(failures_ - 1, 6)), kLongestPause);
    not_before_ =
        now + std::max<model::Duration>(pause, std::chrono::seconds(failure.error.retry_after_s));
  }
  int failures() const { return failures_; }
  std::optional<model::MonoTime> next_deadline() const {
    if (satisfied_) return std::nullopt;
    return asked_ ? std::max(*asked_ + kLost, begins()) : begins();
  }

  static constexpr model::Duration kLost = std::chrono::seconds(6);
  static constexpr model::Duration kFirstPause = std::chrono::milliseconds(200);
  static constexpr model::Duration kLongestPause = std::chrono::seconds(5);

 private:
  model::MonoTime begins() const { return std::max(when_, not_before_); }

  Read::What what_;
  model::MonoTime since_{};
  bool satisfied_ = true;
  std::optional<model::MonoTime> asked_;
  model::MonoTime when_{};        // as the need said
  model::MonoTime not_before_{};  // after a failure
  int failures_ = 0;
};

}  // namespace vakthund::guard
