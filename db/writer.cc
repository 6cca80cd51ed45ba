#include "db/writer.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/batch_writer.h"
#include "db/queue.h"

namespace vakthund::db {
namespace {

using Clock = std::chrono::steady_clock;
using Trouble = WriterTrouble;

// How much was handed in, or is done with (written, rejected).
struct Progress {
  std::uint64_t jobs = 0;
  std::uint64_t kills = 0;
  std::uint64_t prunes = 0;
  bool reached(const Progress& other) const {
    return jobs >= other.jobs && kills >= other.kills && prunes >= other.prunes;
  }
};

}  // namespace

std::string_view to_string(WriterTrouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::disk:
      return "disk";
    case Trouble::Kind::queue_full:
      return "queue full";
    case Trouble::Kind::row_rejected:
      return "row rejected";
    case Trouble::Kind::recovered:
      return "recovered";
  }
  return "?";
}

class Writer::Thread {
 public:
  Thread(Database database, Options options)
      : options_(std::move(options)),
        batch_writer_(std::move(database)),
        queue_(options_.max_queued),
        thread_([this] { run(); }) {}
  ~Thread() { stop(); }

  void push(Job job);
  void push(KillRow kill);
  void prune(model::WallTime older_than);
  bool flush(model::Duration patience);
  void stop();
  Counters counters() const;

 private:
  void run();
  void account_for(const BatchWriter::Outcome& outcome, const Progress& taken, const Batch& rest);
  void call_back(BatchWriter::Outcome& outcome);
  void back_off(std::unique_lock<std::mutex>& lock, const Progress& seen);
  void tell_of_disk(const std::optional<Error>& failure);
  void lose_the_rest();
  void tell(Trouble::Kind kind, std::string message) const {
    if (options_.on_trouble) options_.on_trouble({kind, std::move(message)});
  }

  const Options options_;
  BatchWriter batch_writer_;  // the thread's own
  std::string told_;          // the thread's own: the last failure's words, empty: none
  model::Duration delay_{};   // the thread's own: of the next retry

  mutable std::mutex mutex_;      // guards all below
  std::condition_variable work_;  // something to do, or stop
  std::condition_variable progress_;
  Queue queue_;
  Progress handed_in_;
  Progress finished_;
  Counters counters_;
  bool full_ = false;  // an episode of a full queue, already told
  bool stopping_ = false;
  bool ended_ = false;  // takes nothing any more
  Clock::time_point stop_by_{};

  std::thread thread_;  // last: everything above exists when it begins
};

void Writer::Thread::push(Job job) {
  bool first_of_episode = false;
  {
    const std::lock_guard lock(mutex_);
    if (!ended_ && queue_.push(job)) {
      ++handed_in_.jobs;
      work_.notify_one();
      return;
    }
    ++counters_.dropped;
    first_of_episode = !full_ && !ended_;
    full_ = true;
  }
  if (first_of_episode) {
    tell(Trouble::Kind::queue_full,
         fmt::format("{} rows wait for the database: further ones are dropped until it catches up",
                     options_.max_queued));
  }
  if (job.done) job.done(false);
}

void Writer::Thread::push(KillRow kill) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  queue_.push(std::move(kill));
  ++handed_in_.kills;
  work_.notify_one();
}

void Writer::Thread::prune(model::WallTime older_than) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  queue_.prune(older_than);
  ++handed_in_.prunes;
  work_.notify_one();
}

bool Writer::Thread::flush(model::Duration patience) {
  std::unique_lock lock(mutex_);
  const Progress asked = handed_in_;
  progress_.wait_for(lock, patience, [&] { return ended_ || finished_.reached(asked); });
  return finished_.reached(asked);
}

void Writer::Thread::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) stop_by_ = Clock::now() + options_.stop_patience;
    stopping_ = true;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Writer::Counters Writer::Thread::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.queued = queue_.size();
  return counters;
}

void Writer::Thread::run() {
  pthread_setname_np(pthread_self(), "db-writer");
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty() || (stopping_ && Clock::now() >= stop_by_)) break;
    const Progress seen = handed_in_;
    Batch batch = queue_.take(options_.max_batch);
    lock.unlock();
    BatchWriter::Outcome outcome = batch_writer_.write(batch);
    tell_of_disk(outcome.failure);
    call_back(outcome);
    lock.lock();
    account_for(outcome, seen, batch);
    queue_.put_back(std::move(batch));
    if (outcome.failure) back_off(lock, seen);
  }
  ended_ = true;
  lock.unlock();
  lose_the_rest();
}

void Writer::Thread::account_for(const BatchWriter::Outcome& outcome, const Progress& taken,
                                 const Batch& rest) {
  finished_.jobs += outcome.written.size() + outcome.rejected.size();
  // Kills and pruning are taken whole, so that what was handed in before is contained in them.
  if (rest.kills.empty()) finished_.kills = taken.kills;
  if (!rest.prune && queue_.empty()) finished_.prunes = taken.prunes;
  counters_.written += outcome.written.size() + outcome.kills_written;
  counters_.rejected += outcome.rejected.size();
  counters_.disk_failures += outcome.failure ? 1 : 0;
  counters_.failing = outcome.failure.has_value();
  if (queue_.half_empty()) full_ = false;
  progress_.notify_all();
}

void Writer::Thread::call_back(BatchWriter::Outcome& outcome) {
  for (Job& job : outcome.written) {
    if (job.done) job.done(true);
  }
  for (Job& job : outcome.rejected) {
    if (job.done) job.done(false);
  }
  for (const std::string& why : outcome.why_rejected) tell(Trouble::Kind::row_rejected, why);
}

void Writer::Thread::tell_of_disk(const std::optional<Error>& failure) {
  if (failure && failure->message != told_) {
    tell(Trouble::Kind::disk, failure->message);
    told_ = failure->message;
  } else if (!failure && !told_.empty()) {
    tell(Trouble::Kind::recovered, "the database can be written again");
    told_.clear();
  }
  if (!failure) delay_ = {};
}

// A new state of a kill switch ends the wait: it must not queue behind our patience.
void Writer::Thread::back_off(std::unique_lock<std::mutex>& lock, const Progress& seen) {
  delay_ = std::clamp(2 * delay_, options_.retry_first, options_.retry_longest);
  auto until = Clock::now() + delay_;
  if (stopping_) until = std::min(until, stop_by_);
  const bool was_stopping = stopping_;
  work_.wait_until(lock, until,
                   [&] { return stopping_ != was_stopping || handed_in_.kills != seen.kills; });
}

void Writer::Thread::lose_the_rest() {
  Batch rest;
  {
    const std::lock_guard lock(mutex_);
    rest = queue_.take(queue_.size());
    counters_.dropped += rest.jobs.size();
    progress_.notify_all();
  }
  if (!rest.jobs.empty() || !rest.kills.empty()) {
    tell(Trouble::Kind::disk,
         fmt::format("stopped with {} rows and {} kill switches not written: {}", rest.jobs.size(),
                     rest.kills.size(), told_.empty() ? "no time was left" : told_));
  }
  for (Job& job : rest.jobs) {
    if (job.done) job.done(false);
  }
}

Writer::Writer(Database database, Options options)
    : thread_(std::make_unique<Thread>(std::move(database), std::move(options))) {}
Writer::~Writer() = default;

void Writer::append(JournalRow row) { thread_->push(Job{std::move(row), {}}); }
void Writer::save_kill(KillRow row) { thread_->push(std::move(row)); }
void Writer::save_drill(DrillRow row) { thread_->push(Job{std::move(row), {}}); }

void Writer::save_receipt(ReceiptRow row) { thread_->push(Job{std::move(row), {}}); }
void Writer::save_incident(IncidentRow row) { thread_->push(Job{std::move(row), {}}); }
void Writer::save_baseline(BaselineRow row) { thread_->push(Job{std::move(row), {}}); }
void Writer::enqueue_alert(AlertRow row, std::vector<std::string> sinks, Done done) {
  thread_->push(Job{NewAlert{std::move(row), std::move(sinks)}, std::move(done)});
}
void Writer::save_delivery(DeliveryRow row, Done done) {
  thread_->push(Job{std::move(row), std::move(done)});
}
void Writer::retire_deliveries_except(std::vector<std::string> sinks, model::WallTime at) {
  thread_->push(Job{RetireDeliveries{std::move(sinks), at}, {}});
}
void Writer::prune(model::WallTime older_than) { thread_->prune(older_than); }
bool Writer::flush(model::Duration patience) { return thread_->flush(patience); }
void Writer::stop() { thread_->stop(); }
Writer::Counters Writer::counters() const { return thread_->counters(); }

}  // namespace vakthund::db
