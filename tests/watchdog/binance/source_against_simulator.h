// A source of its own against a simulator of its own: what it told is kept, and waited for.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/watchdog/binance/simulated.h"
#include "watchdog/binance/source.h"

namespace vakthund::binance {

class SourceAgainstSimulator : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Simulated::program())) {
      GTEST_SKIP() << "vakthund-sim is not built";
    }
  }

  void connect(const Simulated& simulated) { connect(simulated.settings()); }
  void connect(SourceSettings settings) {
    auto made = Source::make(loop_, std::move(settings), [this](std::vector<guard::Event> events) {
      for (guard::Event& event : events) events_.push_back(std::move(event));
      if (until_ && until_()) loop_.stop();
    });
    ASSERT_TRUE(made.has_value()) << made.error().message;
    source_ = std::move(*made);
  }

  // Runs until the condition holds after some event; false after half a minute.
  bool run_until(std::function<bool()> condition) {
    if (condition()) return true;
    bool late = false;
    net::Timer deadline(loop_);
    deadline.after(std::chrono::seconds(30), [&] {
      late = true;
      loop_.stop();
    });
    until_ = std::move(condition);
    loop_.run();
    until_ = nullptr;
    return !late;
  }

  template <class E>
  const E* last() const {
    const E* found = nullptr;
    for (const guard::Event& event : events_) {
      if (const E* one = std::get_if<E>(&event)) found = one;
    }
    return found;
  }
  template <class E>
  int count() const {
    return static_cast<int>(
        std::count_if(events_.begin(), events_.end(),
                      [](const guard::Event& event) { return std::holds_alternative<E>(event); }));
  }
  bool stream_is_up(model::Feed feed) const {
    bool up = false;
    for (const guard::Event& event : events_) {
      const auto* state = std::get_if<guard::StreamState>(&event);
      if (state != nullptr && state->feed == feed) up = state->up;
    }
    return up;
  }
  std::string troubles() const {
    std::string text;
    for (const guard::Event& event : events_) {
      if (const auto* failed = std::get_if<guard::ReadFailed>(&event)) {
        text += std::string(to_string(failed->read.what)) + ": " + failed->error.message + "\n";
      } else if (const auto* lost = std::get_if<guard::Undecodable>(&event)) {
        text += "undecodable: " + lost->what + "\n";
      } else if (const auto* order = std::get_if<guard::OrderFailed>(&event)) {
        text += "order: " + order->error.message + "\n";
      } else if (const auto* state = std::get_if<guard::StreamState>(&event)) {
        text += std::string(to_string(state->feed)) + (state->up ? " up" : " down ") + state->why +
                "\n";
      }
    }
    return text;
  }
  void look_once() {
    bool done = false;
    source_->read_once([&] {
      done = true;
      loop_.stop();
    });
    ASSERT_TRUE(run_until([&] { return done; }) && done) << troubles();
  }

  net::Loop loop_;
  std::vector<guard::Event> events_;
  std::function<bool()> until_;
  std::unique_ptr<Source> source_;
};

}  // namespace vakthund::binance
