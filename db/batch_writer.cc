#include "db/batch_writer.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include "db/sqlite_error.h"

namespace vakthund::db {
namespace {

// So small that a kill which comes meanwhile hardly waits.
constexpr int kPruneRows = 500;

}  // namespace

BatchWriter::Outcome BatchWriter::write(Batch& batch) {
  Outcome outcome;
  outcome.failure = write_kills(batch);
  if (!outcome.failure) {
    outcome.kills_written = batch.kills.size();
    batch.kills.clear();
  }
  // Tried even then: what keeps the one from being written need not keep the other.
  if (auto failure = write_jobs(batch, outcome); failure && !outcome.failure) {
    outcome.failure = std::move(failure);
  }
  if (!outcome.failure) outcome.failure = prune(batch);
  return outcome;
}

std::optional<Error> BatchWriter::write_kills(const Batch& batch) {
  if (batch.kills.empty()) return {};
  try {
    SQLite::Transaction transaction(database_.connection(), SQLite::TransactionBehavior::IMMEDIATE);
    for (const KillRow& kill : batch.kills) write_kill(database_.connection(), kill);
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "write the kill switch to database", database_.path());
  }
}

std::optional<Error> BatchWriter::write_jobs(Batch& batch, Outcome& outcome) {
  if (batch.jobs.empty()) return {};
  std::vector<std::string> refusals(batch.jobs.size());
  try {
    SQLite::Transaction transaction(database_.connection(), SQLite::TransactionBehavior::IMMEDIATE);
    for (std::size_t i = 0; i < batch.jobs.size(); ++i) {
      try {
        write_change(database_.connection(), batch.jobs[i].change);
      } catch (const SQLite::Exception& e) {
        if (!is_of_the_row(e)) throw;
        refusals[i] = from_sqlite(e, "write a row to database", database_.path()).message;
      }
    }
    transaction.commit();
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "write to database", database_.path());
  }
  for (std::size_t i = 0; i < batch.jobs.size(); ++i) {
    if (refusals[i].empty()) {
      outcome.written.push_back(std::move(batch.jobs[i]));
    } else {
      outcome.rejected.push_back(std::move(batch.jobs[i]));
      outcome.why_rejected.push_back(std::move(refusals[i]));
    }
  }
  batch.jobs.clear();
  return {};
}

std::optional<Error> BatchWriter::prune(Batch& batch) {
  if (!batch.prune) return {};
  try {
    SQLite::Transaction transaction(database_.connection(), SQLite::TransactionBehavior::IMMEDIATE);
    const bool more = prune_some(database_.connection(), *batch.prune, kPruneRows);
    transaction.commit();
    if (!more) batch.prune.reset();
    return {};
  } catch (const SQLite::Exception& e) {
    return from_sqlite(e, "delete old rows of database", database_.path());
  }
}

}  // namespace vakthund::db
