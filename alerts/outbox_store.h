// Where the outbox remembers what it owes. Implemented over the database by the program.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alerts/message.h"

namespace vakthund::alerts {

// How an attempt to deliver one message to one sink ended.
struct Attempt {
  enum class Outcome { waiting, delivered, dead };
  std::string key;
  std::string sink;
  Outcome outcome = Outcome::waiting;
  int attempts = 0;  // so far, with this one
  model::WallTime at{};
  std::optional<model::WallTime> next_attempt;  // with waiting
  std::string error;                            // empty when delivered
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

// Owed to a sink; the body is as to_webhook_body wrote it.
struct Owed {
  std::string key;
  std::string body;
  int attempts = 0;
};

// Threads: any thread may call anything. No function throws.
class OutboxStore {
 public:
  using Stored = std::function<void(bool on_disk)>;
  virtual ~OutboxStore() = default;

  // Remembers the message as owed to each of `sinks`. Never waits. `stored` is called exactly
  // once, from any thread, perhaps before this returns: true once it is on the disk, false when
  // it never will be.
  virtual void add(const Message& message, const std::string& body,
                   const std::vector<std::string>& sinks, Stored stored) = 0;

  // Waits until it is on the disk, at most about a second; false: not yet (it may still come to
  // be), the caller offers it again later. Must not overtake the `add` of the same message.
  virtual bool record(const Attempt& attempt) = 0;

  // What is on the disk and owed to this sink, oldest first, at most `limit`.
  virtual Result<std::vector<Owed>> owed(const std::string& sink, int limit) = 0;

  // What is owed to any other sink will never be delivered.
  virtual void retire_except(const std::vector<std::string>& sinks, model::WallTime at) = 0;
};

}  // namespace vakthund::alerts
