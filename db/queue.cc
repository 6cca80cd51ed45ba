#include "db/queue.h"

#include <algorithm>
#include <iterator>

namespace vakthund::db {

bool Queue::push(Job& job) {
  const bool journal = std::holds_alternative<JournalRow>(job.change);
  if (jobs_.size() >= (journal ? max_queued_ : 2 * max_queued_)) return false;
  jobs_.push_back(std::move(job));
  return true;
}

void Queue::push(KillRow kill) {
  std::string account = kill.account;
  kills_.insert_or_assign(std::move(account), std::move(kill));
}

void Queue::prune(model::WallTime older_than) {
  prune_ = prune_ ? std::max(*prune_, older_than) : older_than;
}

Batch Queue::take(std::size_t max_jobs) {
  Batch batch;
  for (auto& [account, kill] : kills_) batch.kills.push_back(std::move(kill));
  kills_.clear();
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(std::min(max_jobs, jobs_.size()));
  std::move(jobs_.begin(), end, std::back_inserter(batch.jobs));
  jobs_.erase(jobs_.begin(), end);
  if (jobs_.empty()) std::swap(batch.prune, prune_);
  return batch;
}

void Queue::put_back(Batch batch) {
  for (KillRow& kill : batch.kills) {
    std::string account = kill.account;
    kills_.try_emplace(std::move(account), std::move(kill));
  }
  jobs_.insert(jobs_.begin(), std::make_move_iterator(batch.jobs.begin()),
               std::make_move_iterator(batch.jobs.end()));
  if (batch.prune) prune(*batch.prune);
}

}  // namespace vakthund::db
