// The guard's containment against an engine: what a kill does to the bot, without the rest of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "watchdog/container/engine_client.h"
#include "watchdog/guard/containment.h"

namespace vakthund::container {

class Containing {
 public:
  Containing(net::Loop& loop, EngineSettings settings)
      : loop_(loop),
        containment_({.container = true}, "a test",
                     [this](std::string note) { notes.push_back(std::move(note)); }),
        client_(loop, std::move(settings), [this](guard::Event event) { take(event); }),
        deadline_(loop) {}

  // As the daemon does: looks all the time, pauses, and some time later stops for good.
  void pause() {
    loop_.post([this] {
      client_.watch();
      guard::Commands out;
      containment_.pause(net::Loop::now(), out);
      execute(out);
      advance();
    });
    EXPECT_TRUE(until([this] { return said("is paused") || containment_.stopped(); }));
  }
  bool stop() {
    loop_.post([this] {
      containment_.stop(net::Loop::now());
      advance();
    });
    return until([this] { return containment_.stopped(); });
  }
  bool until(std::function<bool()> wanted) {
    until_ = std::move(wanted);
    net::Timer limit(loop_);
    limit.after(std::chrono::seconds(60), [this] { loop_.stop(); });
    if (!until_()) loop_.run();
    const bool came = until_();
    until_ = nullptr;
    return came;
  }
  bool said(std::string_view words) const {
    for (const std::string& note : notes) {
      if (note.find(words) != std::string::npos) return true;
    }
    return false;
  }

  std::vector<std::string> notes;

 private:
  void take(const guard::Event& event) {
    containment_.on(event, net::Loop::now());
    advance();
  }
  void advance() {
    guard::Commands out;
    containment_.advance(net::Loop::now(), out);
    execute(out);
    if (const auto next = containment_.next_deadline(net::Loop::now().mono)) {
      deadline_.at(*next, [this] { advance(); });
    }
    if (until_ && until_()) loop_.stop();
  }
  void execute(const guard::Commands& commands) {
    for (const guard::Command& command : commands) {
      client_.execute(std::get<guard::ContainmentCommand>(command));
    }
  }

  net::Loop& loop_;
  guard::Containment containment_;
  EngineClient client_;
  net::Timer deadline_;
  std::function<bool()> until_;
};

}  // namespace vakthund::container
