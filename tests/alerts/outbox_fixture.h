// What an outbox stands on in the tests: a store that outlives it and can fall silent, a clock that
// stands still until it is told, and sinks that do as they are told.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "alerts/outbox.h"
#include "tests/alerts/messages.h"

namespace vakthund::alerts {

inline constexpr auto kPatience = std::chrono::seconds(30);

// Keeps in memory what the database would keep on the disk.
class MemoryStore : public OutboxStore {
 public:
  enum class Mode { works, silent, refuses };

  void set_mode(Mode mode) {
    std::deque<std::function<void()>> late;
    {
      const std::lock_guard lock(mutex_);
      mode_ = mode;
      if (mode == Mode::works) std::swap(late, late_);
    }
    for (const auto& call : late) call();
  }

  void add(const Message& message, const std::string& body, const std::vector<std::string>& sinks,
           Stored stored) override {
    std::unique_lock lock(mutex_);
    if (mode_ == Mode::silent) {
      late_.push_back([this, message, body, sinks, stored] { add(message, body, sinks, stored); });
      return;
    }
    const bool on_disk = mode_ == Mode::works;
    if (on_disk) {
      rows_.push_back({message.key, body, {}});
      for (const std::string& sink : sinks) rows_.back().attempts[sink] = {};
    }
    lock.unlock();
    stored(on_disk);
  }

  bool record(const Attempt& attempt) override {
    const std::lock_guard lock(mutex_);
    if (mode_ != Mode::works) {
      if (mode_ == Mode::silent) late_.push_back([this, attempt] { record(attempt); });
      return false;
    }
    for (Row& row : rows_) {
      if (row.key == attempt.key) row.attempts[attempt.sink] = attempt;
    }
    return true;
  }

  Result<std::vector<Owed>> owed(const std::string& sink, int limit) override {
    const std::lock_guard lock(mutex_);
    ++loads_;
    if (mode_ != Mode::works) return error(ErrorKind::unavailable, "the store does not answer");
    std::vector<Owed> page;
    for (const Row& row : rows_) {
      const auto found = row.attempts.find(sink);
      if (found == row.attempts.end()) continue;
      if (found->second.outcome != Attempt::Outcome::waiting) continue;
      if (page.size() == static_cast<std::size_t>(limit)) break;
      page.push_back({row.key, row.body, found->second.attempts});
    }
    return page;
  }

  void retire_except(const std::vector<std::string>& sinks, model::WallTime) override {
    const std::lock_guard lock(mutex_);
    retired_except_ = sinks;
  }

  std::size_t owed_count(const std::string& sink) { return owed(sink, 1'000'000).value().size(); }
  Attempt last_attempt(const std::string& key, const std::string& sink) {
    const std::lock_guard lock(mutex_);
    for (Row& row : rows_) {
      if (row.key == key) return row.attempts[sink];
    }
    return {};
  }
  std::vector<std::string> retired_except() {
    const std::lock_guard lock(mutex_);
    return retired_except_;
  }
  void put(const std::string& key, const std::string& body, const std::string& sink) {
    const std::lock_guard lock(mutex_);
    rows_.push_back({key, body, {{sink, {}}}});
  }

 private:
  struct Row {
    std::string key;
    std::string body;
    std::map<std::string, Attempt> attempts;
  };
  std::mutex mutex_;
  Mode mode_ = Mode::works;
  std::deque<Row> rows_;
  std::deque<std::function<void()>> late_;
  std::vector<std::string> retired_except_;
  int loads_ = 0;
};

// Waiting lasts until somebody wakes the outbox.
class StandingClock : public Clock {
 public:
  model::Now now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void wait(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
            model::MonoTime) override {
    condition.wait(lock);
  }
  void advance(model::Duration by) {
    const std::lock_guard lock(mutex_);
    now_.mono += by;
    now_.wall += std::chrono::duration_cast<std::chrono::milliseconds>(by);
  }

 private:
  mutable std::mutex mutex_;
  model::Now now_{model::MonoTime(std::chrono::hours(1)), model::from_epoch_ms(1763601780123)};
};

// Everything that the sinks and the outbox did, in order, for tests to wait on.
class Events {
 public:
  void add(std::string event) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(std::move(event));
    changed_.notify_all();
  }
  // Waits until so many events begin with `prefix`.
  bool wait_for(const std::string& prefix, int count = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience,
                             [&] { return matching(prefix).size() >= std::size_t(count); });
  }
  std::vector<std::string> of(const std::string& prefix) {
    const std::lock_guard lock(mutex_);
    return matching(prefix);
  }

 private:
  std::vector<std::string> matching(const std::string& prefix) const {
    std::vector<std::string> found;
    for (const auto& event : seen_) {
      if (event.starts_with(prefix)) found.push_back(event);
    }
    return found;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> seen_;
};

// Answers each message by `answer`; without one it takes everything.
class ScriptedSink : public Sink {
 public:
  using Answer = std::function<Delivery(const Message&, std::stop_token)>;
  ScriptedSink(std::string name, Answer answer, model::Severity min_severity)
      : name_(std::move(name)), answer_(std::move(answer)), min_severity_(min_severity) {}
  const std::string& name() const override { return name_; }
  model::Severity min_severity() const override { return min_severity_; }
  Delivery deliver(const Message& message, std::stop_token stop) override {
    return answer_ ? answer_(message, std::move(stop)) : Delivery::delivered();
  }

 private:
  std::string name_;
  Answer answer_;
  model::Severity min_severity_;
};

// Events read "SINK RESULT KEY#ATTEMPTS".
class TheOutbox : public testing::Test {
 protected:
  TheOutbox() {
    options.random = [] { return 0.0; };
    options.on_outcome = [this](const Outcome& outcome) {
      events.add(outcome.sink + " " + std::string(to_string(outcome.result)) + " " + outcome.key +
                 "#" + std::to_string(outcome.attempts));
    };
  }
  ~TheOutbox() override { outbox.reset(); }

  void add_sink(const std::string& name, ScriptedSink::Answer answer = {},
                model::Severity min_severity = model::Severity::info) {
    sinks.push_back(std::make_unique<ScriptedSink>(name, std::move(answer), min_severity));
  }
  void start() {
    outbox = std::make_unique<Outbox>(store, std::move(sinks), clock, options);
    sinks.clear();
    outbox->start();
  }
  void raise(const std::string& key) { outbox->raise(firing(key)); }
  void advance(model::Duration by) {
    clock.advance(by);
    outbox->wake();
  }

  MemoryStore store;
  StandingClock clock;
  Events events;
  OutboxOptions options;
  std::vector<std::unique_ptr<Sink>> sinks;
  std::unique_ptr<Outbox> outbox;
};

}  // namespace vakthund::alerts
