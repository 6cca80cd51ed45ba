// Drives an EngineClient from a test: sends a command, runs the loop until the event comes.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "watchdog/container/engine_client.h"

namespace vakthund::container {

class ClientProbe {
 public:
  static constexpr std::chrono::seconds kDeadline{30};

  // `loop`: the test's own, where the engine lives on it too.
  ClientProbe(net::Loop& loop, EngineSettings settings)
      : loop_(loop), client_(loop, std::move(settings), [this](guard::Event event) {
          events_.push_back(std::move(event));
          if (found_ || !until_ || !until_(events_.back())) return;
          found_ = events_.back();
          loop_.stop();
        }) {}

  // The first event that `wanted` says yes to; nullopt at the deadline.
  std::optional<guard::Event> wait(std::function<bool(const guard::Event&)> wanted) {
    until_ = std::move(wanted);
    events_.clear();
    net::Timer deadline(loop_);
    deadline.after(kDeadline, [this] { loop_.stop(); });
    found_.reset();
    loop_.run();
    until_ = nullptr;
    return found_;
  }

  template <class T>
  std::optional<T> wait_for() {
    auto event = wait([](const guard::Event& e) { return std::holds_alternative<T>(e); });
    return event ? std::optional(std::get<T>(*event)) : std::nullopt;
  }

  // "done", or the failure's kind and message.
  std::string step(guard::ContainmentStep step) {
    loop_.post([this, step] { client_.execute({step}); });
    const auto event = wait([](const guard::Event& e) {
      return std::holds_alternative<guard::ContainmentDone>(e) ||
             std::holds_alternative<guard::ContainmentFailed>(e);
    });
    if (!event) return "no answer";
    if (const auto* failed = std::get_if<guard::ContainmentFailed>(&*event)) {
      EXPECT_EQ(failed->step, step);
      EXPECT_EQ(failed->error.message.find('\n'), std::string::npos);
      return std::string(to_string(failed->error.kind)) + ": " + failed->error.message;
    }
    EXPECT_EQ(std::get<guard::ContainmentDone>(*event).step, step);
    return "done";
  }

  model::Container look() {
    loop_.post([this] { client_.execute({guard::ContainmentStep::inspect}); });
    const auto event = wait([](const guard::Event& e) {
      return std::holds_alternative<guard::ContainerSeen>(e) ||
             std::holds_alternative<guard::ContainmentFailed>(e);
    });
    if (event && std::holds_alternative<guard::ContainerSeen>(*event)) {
      return std::get<guard::ContainerSeen>(*event).container;
    }
    ADD_FAILURE() << "the container could not be looked at: "
                  << (event ? std::get<guard::ContainmentFailed>(*event).error.message
                            : "no answer");
    return {};
  }
  std::string status() { return std::string(look().status.text()); }

  void watch() {
    loop_.post([this] { client_.watch(); });
  }
  const std::vector<guard::Event>& events() const { return events_; }

 private:
  net::Loop& loop_;
  std::vector<guard::Event> events_;
  std::function<bool(const guard::Event&)> until_;
  std::optional<guard::Event> found_;
  EngineClient client_;
};

// What a kill asks of a running container, on whatever engine it runs: and what each step finds.
inline void expect_kill_contains(ClientProbe& probe) {
  using guard::ContainmentStep;
  EXPECT_EQ(probe.status(), "running");
  EXPECT_EQ(probe.step(ContainmentStep::pause), "done");
  EXPECT_EQ(probe.status(), "paused");
  EXPECT_EQ(probe.step(ContainmentStep::pause), "done") << "paused already";
  EXPECT_EQ(probe.step(ContainmentStep::stop), "done") << "works on a paused container";
  EXPECT_EQ(probe.status(), "exited");
  EXPECT_EQ(probe.step(ContainmentStep::stop), "done") << "stopped already";
  EXPECT_EQ(probe.step(ContainmentStep::pause), "done") << "not running: cannot trade either";
  EXPECT_EQ(probe.step(ContainmentStep::disable_restart), "done");
  EXPECT_EQ(probe.step(ContainmentStep::disable_restart), "done");
  EXPECT_EQ(probe.look().restart_policy, "no");
}

}  // namespace vakthund::container
