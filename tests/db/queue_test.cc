#include "db/queue.h"

#include <gtest/gtest.h>

#include "tests/db/scratch.h"

namespace vakthund::db {
namespace {

bool push(Queue& queue, Change change) {
  Job job{std::move(change), {}};
  return queue.push(job);
}

std::vector<std::string> journal_texts(const Batch& batch) {
  std::vector<std::string> texts;
  for (const Job& job : batch.jobs) {
    const auto* row = std::get_if<JournalRow>(&job.change);
    texts.push_back(row ? row->text : "-");
  }
  return texts;
}

KillRow kill(const std::string& account, int attempt) {
  KillRow row = latched(account);
  row.attempt = attempt;
  return row;
}

using Texts = std::vector<std::string>;

TEST(AFullQueue, DropsJournalRowsButStillTakesWhatMattersMore) {
  Queue queue(2);
  EXPECT_TRUE(push(queue, journal_row("1")));
  EXPECT_TRUE(push(queue, journal_row("2")));
  EXPECT_FALSE(push(queue, journal_row("3")));
  EXPECT_TRUE(push(queue, incident_row("I1", "firing")));
  EXPECT_TRUE(push(queue, NewAlert{alert_row("A1"), {"webhook"}}));
  EXPECT_FALSE(push(queue, incident_row("I2", "firing")));
  EXPECT_EQ(queue.size(), 4u);
}

TEST(AFullQueue, AlwaysTakesAKillSwitch) {
  Queue queue(0);
  queue.push(kill("main", 1));
  EXPECT_EQ(queue.take(10).kills, (std::vector{kill("main", 1)}));
}

TEST(KillSwitches, AreTakenFirstAndOnlyInTheirNewestState) {
  Queue queue(10);
  push(queue, journal_row("before"));
  queue.push(kill("main", 1));
  queue.push(kill("other", 1));
  queue.push(kill("main", 2));

  const Batch batch = queue.take(0);

  EXPECT_EQ(batch.kills, (std::vector{kill("main", 2), kill("other", 1)}));
  EXPECT_EQ(journal_texts(batch), Texts{});
}

TEST(ABatchPutBack, ComesFirstAgainAndInItsOrder) {
  Queue queue(10);
  for (const char* text : {"1", "2", "3"}) push(queue, journal_row(text));
  Batch batch = queue.take(2);
  queue.put_back(std::move(batch));
  EXPECT_EQ(journal_texts(queue.take(10)), (Texts{"1", "2", "3"}));
}

TEST(ABatchPutBack, DoesNotReplaceANewerKillSwitch) {
  Queue queue(10);
  queue.push(kill("main", 1));
  Batch batch = queue.take(10);
  queue.push(kill("main", 2));
  queue.put_back(std::move(batch));
  EXPECT_EQ(queue.take(10).kills, (std::vector{kill("main", 2)}));
}

TEST(Pruning, WaitsUntilNothingElseDoes) {
  Queue queue(10);
  push(queue, journal_row("1"));
  push(queue, journal_row("2"));
  queue.prune(at(5));
  queue.prune(at(3));
  EXPECT_EQ(queue.take(1).prune, std::nullopt);
  EXPECT_EQ(queue.take(1).prune, at(5));
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace vakthund::db
