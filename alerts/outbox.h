// Tells every sink of every alert, at least once (product.md §8).
//
// An alert is remembered in the store first and sent then; only when the store does not answer
// within `store_patience` is it sent without (the disk's trouble must not silence the alarm). Each
// sink has a thread and a queue of its own, so that a dead one delays nobody. A queue keeps its
// order: while its first message is retried with back-off (1 s doubling to 5 min, with jitter, and
// never before the sink's own retry_after) the others wait. From the third failure on, the second
// message is tried in turn with the first, to learn whether the sink or the message is at fault.
// After a restart whatever is still owed is loaded from the store and sent.
//
// A message is given up for one sink (dead: stays in the store with its last error) when the sink
// rejects it; when it was refused `max_refusals` times; when it failed `max_passed_by` times while
// later ones were taken; or when it is older than `max_age`.
//
// Limits: per sink at most `max_in_memory` messages wait to be sent and as many for the store's
// word; beyond that they wait in the store alone. Where neither memory nor store has room the
// message is lost to that sink: told as Outcome::lost.
//
// Threads: any thread may call anything; `raise` never waits for disk or network. `on_outcome` runs
// on the sinks' threads (lost: on any), must be short and must not throw.
// The store and the clock must outlive the outbox.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/clock.h"
#include "alerts/outbox_store.h"
#include "alerts/sink.h"

namespace vakthund::alerts {

// What became of an attempt, for metrics and logs.
struct Outcome {
  enum class Result { delivered, retry, dead, lost };
  std::string sink;
  Result result = Result::delivered;
  std::string event;
  std::string key;
  int attempts = 0;
  std::string why;  // as the sink gave it
  friend bool operator==(const Outcome&, const Outcome&) = default;
};
std::string_view to_string(Outcome::Result result);

struct OutboxOptions {
  std::size_t max_in_memory = 256;
  int page = 64;          // messages loaded from the store at a time
  int max_refusals = 20;  // with the back-off, about an hour
  int max_passed_by = 8;
  model::Duration max_age = std::chrono::hours(7 * 24);
  model::Duration store_patience = std::chrono::seconds(2);
  model::Duration backoff_first = std::chrono::seconds(1);
  model::Duration backoff_longest = std::chrono::minutes(5);
  std::function<double()> random;  // in [0, 1), from any thread; empty: a real one
  std::function<void(const Outcome&)> on_outcome;
};

class SinkQueue;

class Outbox {
 public:
  // A second sink of the same name is left out: it would be told the same twice.
  Outbox(OutboxStore& store, std::vector<std::unique_ptr<Sink>> sinks, Clock& clock,
         OutboxOptions options);
  ~Outbox();  // stop()
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Begins to send; once. What is owed to sinks that are not configured any more is given up.
  void start();
  // Returns the idempotency key.
  std::string raise(Message message);
  // Looks at the clock again: after it was set, and for tests.
  void wake();
  // Ends promptly, requests in flight included; what is not delivered stays owed in the store.
  void stop();

  struct SinkStatus {
    std::string name;
    std::size_t waiting = 0;  // in memory
    int failures = 0;         // in a row
    std::string last_error;   // of the last attempt; empty: it succeeded
    friend bool operator==(const SinkStatus&, const SinkStatus&) = default;
  };
  std::vector<SinkStatus> status() const;

 private:
  OutboxStore& store_;
  Clock& clock_;
  std::vector<std::shared_ptr<SinkQueue>> queues_;
};

}  // namespace vakthund::alerts
