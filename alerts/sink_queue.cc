#include "alerts/sink_queue.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

#include "alerts/backoff.h"

namespace vakthund::alerts {
namespace {

constexpr int kProbeAfter = 3;  // failures of the first message
constexpr auto kStoreRetry = std::chrono::seconds(5);

}  // namespace

SinkQueue::SinkQueue(std::unique_ptr<Sink> sink, OutboxStore& store, Clock& clock,
                     OutboxOptions options)
    : sink_(std::move(sink)), store_(store), clock_(clock), options_(std::move(options)) {}

SinkQueue::~SinkQueue() { stop(); }

void SinkQueue::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void SinkQueue::ask_to_stop() {
  const std::lock_guard lock(mutex_);
  thread_.request_stop();
  changed_.notify_all();
}

void SinkQueue::stop() {
  ask_to_stop();
  if (thread_.joinable()) thread_.join();
}

// The lock, so that a thread that is about to wait does not miss it.
void SinkQueue::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void SinkQueue::raise(std::shared_ptr<const Message> message) {
  {
    const std::lock_guard lock(mutex_);
    if (unconfirmed_.size() < options_.max_in_memory) {
      unconfirmed_.push_back({message, 0, 0, clock_.now().mono});
      changed_.notify_all();
      return;
    }
  }
  tell({sink_->name(), Outcome::Result::lost, message->event, message->key, 0,
        "too many alerts wait for the disk; this one is sent only if the disk still takes it"});
}

// The store has spoken, so that it works, or works again.
void SinkQueue::left_to_store() {
  ++left_to_store_;
  store_has_more_ = true;
  load_not_before_ = model::MonoTime::min();
  changed_.notify_all();
}

void SinkQueue::stored(const std::string& key, bool on_disk) {
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(unconfirmed_.begin(), unconfirmed_.end(),
                                    [&](const Entry& e) { return e.message->key == key; });
    if (found == unconfirmed_.end()) {
      // Its patience was over, and it is among the ready or beyond; or there was no room for it
      // when it was raised, and the store is where it is.
      if (on_disk) left_to_store();
      return;
    }
    entry = std::move(*found);
    unconfirmed_.erase(found);
    changed_.notify_all();
    const bool room = ready_.size() < options_.max_in_memory;
    if (on_disk && (store_has_more_ || !room)) {
      left_to_store();
      return;
    }
    if (room) {
      ready_.push_back(std::move(entry));
      return;
    }
  }
  tell({sink_->name(), Outcome::Result::lost, entry.message->event, key, 0,
        "too many alerts wait and the disk did not take it"});
}

Outbox::SinkStatus SinkQueue::status() const {
  const std::lock_guard lock(mutex_);
  return {sink_->name(), ready_.size() + unconfirmed_.size(), failures_, last_error_};
}

void SinkQueue::run(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "alert-sink");
  Lock lock(mutex_);
  while (!stop.stop_requested()) {
    const model::MonoTime now = clock_.now().mono;
    admit_overdue(now);
    if (wants_page() && now >= load_not_before_) {
      load_page(lock);
    } else if (!ready_.empty() && now >= not_before_) {
      send(lock, stop);
    } else {
      clock_.wait(changed_, lock, next_deadline());
    }
  }
}

// Two, since the second is needed to tell a dead sink from a message that it cannot take.
bool SinkQueue::wants_page() const { return store_has_more_ && ready_.size() < 2; }

model::MonoTime SinkQueue::next_deadline() const {
  model::MonoTime next = model::MonoTime::max();
  if (!unconfirmed_.empty() && ready_.size() < options_.max_in_memory) {
    next = std::min(next, unconfirmed_.front().handed_in + options_.store_patience);
  }
  if (!ready_.empty()) next = std::min(next, not_before_);
  if (wants_page()) next = std::min(next, load_not_before_);
  return next;
}

// What the store has not spoken of in time is sent without its word.
void SinkQueue::admit_overdue(model::MonoTime now) {
  while (!unconfirmed_.empty() && ready_.size() < options_.max_in_memory &&
         now >= unconfirmed_.front().handed_in + options_.store_patience) {
    ready_.push_back(std::move(unconfirmed_.front()));
    unconfirmed_.pop_front();
  }
}

bool SinkQueue::is_known(const std::string& key) const {
  const auto same = [&](const auto& entry) { return entry.message->key == key; };
  return std::any_of(ready_.begin(), ready_.end(), same) ||
         std::any_of(unconfirmed_.begin(), unconfirmed_.end(), same) ||
         std::any_of(unrecorded_.begin(), unrecorded_.end(),
                     [&](const Attempt& attempt) { return attempt.key == key; });
}

void SinkQueue::load_page(Lock& lock) {
  retry_records(lock);
  const std::uint64_t left_before = left_to_store_;
  // Known ones are skipped, so that a page of nothing else would look like the end.
  const int limit =
      options_.page + static_cast<int>(unrecorded_.size() + unconfirmed_.size() + ready_.size());
  lock.unlock();
  auto page = store_.owed(sink_->name(), limit);
  lock.lock();
  if (!page) {
    last_error_ = page.error().message;
    load_not_before_ = clock_.now().mono + kStoreRetry;
    return;
  }
  // Only what came to be left to the store meanwhile can be missing from a short page.
  const bool short_page = page->size() < static_cast<std::size_t>(limit);
  if (short_page && left_to_store_ == left_before) store_has_more_ = false;
  std::vector<Attempt> unreadable;
  add_owed(*page, unreadable);
  for (Attempt& attempt : unreadable) record(lock, std::move(attempt));
}

void SinkQueue::add_owed(const std::vector<Owed>& page, std::vector<Attempt>& unreadable) {
  const model::Now now = clock_.now();
  for (const Owed& owed : page) {
    if (is_known(owed.key)) continue;
    auto message = from_webhook_body(owed.body);
    if (!message) {
      unreadable.push_back({owed.key,
                            sink_->name(),
                            Attempt::Outcome::dead,
                            owed.attempts,
                            now.wall,
                            {},
                            message.error().message});
      continue;
    }
    message->key = owed.key;
    ready_.push_back(
        {std::make_shared<const Message>(std::move(*message)), owed.attempts, 0, now.mono});
  }
}

std::size_t SinkQueue::pick() {
  if (ready_.size() < 2 || ready_.front().attempts < kProbeAfter) return 0;
  probe_ = !probe_;
  return probe_ ? 1 : 0;
}

void SinkQueue::send(Lock& lock, const std::stop_token& stop) {
  const std::size_t index = pick();
  const auto message = ready_[index].message;
  lock.unlock();
  const Delivery delivery = sink_->deliver(*message, stop);
  lock.lock();
  // Cut short by us, which says nothing of the sink: it stays owed as it was.
  if (stop.stop_requested() && delivery.kind != Delivery::Kind::delivered) return;
  settle(lock, index, delivery);
}

// Meanwhile nothing was taken from `ready_`: only this thread does.
void SinkQueue::settle(Lock& lock, std::size_t index, const Delivery& delivery) {
  using Kind = Delivery::Kind;
  Entry& entry = ready_[index];
  ++entry.attempts;
  const model::Now now = clock_.now();
  Attempt attempt{entry.message->key, sink_->name(), Attempt::Outcome::waiting,
                  entry.attempts,     now.wall,      {},
                  delivery.why};
  Outcome outcome{sink_->name(),      Outcome::Result::retry, entry.message->event,
                  entry.message->key, entry.attempts,         delivery.why};
  last_error_ = delivery.kind == Kind::delivered ? "" : delivery.why;
  const std::string given_up = reason_to_give_up(entry, delivery);
  const bool message_at_fault = delivery.kind == Kind::rejected || is_passed_by(entry, delivery);
  if (delivery.kind == Kind::delivered || message_at_fault) {
    failures_ = 0;
    not_before_ = now.mono;
  } else {
    ++failures_;
    const double random = options_.random ? options_.random() : 0.0;
    const auto delay = std::max(delivery.after, backoff(failures_, options_.backoff_first,
                                                        options_.backoff_longest, random));
    not_before_ = now.mono + delay;
    attempt.next_attempt = now.wall + std::chrono::ceil<std::chrono::milliseconds>(delay);
  }
  if (delivery.kind == Kind::delivered) {
    for (std::size_t i = 0; i < index; ++i) ++ready_[i].passed_by;
    attempt.outcome = Attempt::Outcome::delivered;
    attempt.error.clear();
    outcome.result = Outcome::Result::delivered;
  } else if (!given_up.empty()) {
    attempt.outcome = Attempt::Outcome::dead;
    attempt.next_attempt.reset();
    attempt.error = outcome.why = delivery.why + given_up;
    outcome.result = Outcome::Result::dead;
  }
  if (attempt.outcome != Attempt::Outcome::waiting) {
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  record(lock, std::move(attempt));
  lock.unlock();
  tell(outcome);
  lock.lock();
}

// A sink that names a time is at its limit: then luck decides which messages pass.
bool SinkQueue::is_passed_by(const Entry& entry, const Delivery& delivery) const {
  return entry.passed_by >= options_.max_passed_by && delivery.after == model::Duration{};
}

// Empty: go on trying.
std::string SinkQueue::reason_to_give_up(const Entry& entry, const Delivery& delivery) const {
  using Kind = Delivery::Kind;
  if (delivery.kind == Kind::delivered) return "";
  if (delivery.kind == Kind::rejected) return " (given up: it will never be taken)";
  if (delivery.kind == Kind::refused && entry.attempts >= options_.max_refusals) {
    return fmt::format(" (given up after {} attempts)", entry.attempts);
  }
  if (is_passed_by(entry, delivery)) {
    return fmt::format(" (given up: {} later ones were taken)", entry.passed_by);
  }
  if (clock_.now().wall - entry.message->time > options_.max_age) {
    return fmt::format(" (given up: older than {})", model::to_text(options_.max_age));
  }
  return "";
}

void SinkQueue::record(Lock& lock, Attempt attempt) {
  lock.unlock();
  const bool on_disk = store_.record(attempt);
  lock.lock();
  if (on_disk || attempt.outcome == Attempt::Outcome::waiting) return;
  // Forgotten beyond the limit: then it may be delivered twice, which is what "at least" allows.
  if (unrecorded_.size() >= options_.max_in_memory) unrecorded_.pop_front();
  unrecorded_.push_back(std::move(attempt));
}

void SinkQueue::retry_records(Lock& lock) {
  std::deque<Attempt> again;
  std::swap(again, unrecorded_);
  while (!again.empty()) {
    Attempt attempt = std::move(again.front());
    again.pop_front();
    record(lock, attempt);
    if (!unrecorded_.empty()) break;  // the store is still slow: the others can wait
  }
  for (Attempt& attempt : again) unrecorded_.push_back(std::move(attempt));
}

void SinkQueue::tell(const Outcome& outcome) const {
  if (options_.on_outcome) options_.on_outcome(outcome);
}

}  // namespace vakthund::alerts
