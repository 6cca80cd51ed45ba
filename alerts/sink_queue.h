// One sink's queue and the thread that sends from it: the policy that alerts/outbox.h promises.
//
// A message's way: raise → `unconfirmed_` (the store has been asked to remember it) → `ready_` (in
// the order in which it is sent) → delivered or dead, recorded in the store. Where the store holds
// messages that memory does not (after a restart, or because `ready_` was full), `store_has_more_`
// is set: then everything new stays in the store too, and is loaded in its turn, page by page.
//
// Threads: any, except that `start` and `stop` belong to the owner.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "alerts/outbox.h"

namespace vakthund::alerts {

class SinkQueue {
 public:
  SinkQueue(std::unique_ptr<Sink> sink, OutboxStore& store, Clock& clock, OutboxOptions options);
  ~SinkQueue();

  void start();
  void ask_to_stop();  // returns at once
  void stop();         // returns when the thread has ended
  void wake();

  const Sink& sink() const { return *sink_; }
  // Before the store is asked to remember it.
  void raise(std::shared_ptr<const Message> message);
  // The store's word on it.
  void stored(const std::string& key, bool on_disk);
  Outbox::SinkStatus status() const;

 private:
  struct Entry {
    std::shared_ptr<const Message> message;
    int attempts = 0;
    int passed_by = 0;  // later ones that were taken since it first failed
    model::MonoTime handed_in{};
  };
  using Lock = std::unique_lock<std::mutex>;

  void run(const std::stop_token& stop);
  void admit_overdue(model::MonoTime now);
  void left_to_store();
  bool wants_page() const;
  void load_page(Lock& lock);
  void add_owed(const std::vector<Owed>& page, std::vector<Attempt>& unreadable);
  bool is_known(const std::string& key) const;
  std::size_t pick();
  void send(Lock& lock, const std::stop_token& stop);
  void settle(Lock& lock, std::size_t index, const Delivery& delivery);
  bool is_passed_by(const Entry& entry, const Delivery& delivery) const;
  std::string reason_to_give_up(const Entry& entry, const Delivery& delivery) const;
  void record(Lock& lock, Attempt attempt);
  void retry_records(Lock& lock);
  model::MonoTime next_deadline() const;
  void tell(const Outcome& outcome) const;

  const std::unique_ptr<Sink> sink_;
  OutboxStore& store_;
  Clock& clock_;
  const OutboxOptions options_;

  mutable std::mutex mutex_;  // guards all below; never held while sink or store is called
  std::condition_variable changed_;
  std::deque<Entry> unconfirmed_;
  std::deque<Entry> ready_;
  std::deque<Attempt> unrecorded_;   // ended, but the store did not take it in time
  bool store_has_more_ = true;       // until it was asked
  std::uint64_t left_to_store_ = 0;  // messages that only the store holds, ever
  bool probe_ = false;               // the next attempt is the second message's
  int failures_ = 0;                 // of the sink, in a row
  std::string last_error_;
  model::MonoTime not_before_ = model::MonoTime::min();
  model::MonoTime load_not_before_ = model::MonoTime::min();
  std::jthread thread_;
};

}  // namespace vakthund::alerts
