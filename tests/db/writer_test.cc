#include "db/writer.h"

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "db/reader.h"
#include "tests/db/scratch.h"

namespace vakthund::db {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kPatience = 30s;

std::unique_ptr<Reader> reader_of(const Scratch& scratch) {
  auto reader = Reader::open(scratch.file());
  EXPECT_TRUE(reader) << reader.error().message;
  return std::move(*reader);
}

template <class T>
T value(Result<T> result) {
  EXPECT_TRUE(result) << result.error().message;
  return result ? *result : T{};
}

TEST(TheWriter, PutsEveryKindOfRowOnTheDiskAsItWasHandedIn) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  const ReceiptRow receipt{"K1", "main", at(7), R"({"flat":true})"};
  writer.save_kill(latched());
  writer.append(journal_row("first"));
  writer.append(journal_row("second"));
  writer.save_receipt(receipt);
  writer.save_incident(incident_row("I1", "firing"));
  writer.enqueue_alert(alert_row("A1"), {"telegram:7", "webhook:x"});
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  JournalRow first = journal_row("first");
  JournalRow second = journal_row("second");
  first.id = 1;
  second.id = 2;
  EXPECT_EQ(value(reader->load_kill("main")), latched());
  EXPECT_EQ(value(reader->journal_of("I1")), (std::vector{first, second}));
  EXPECT_EQ(value(reader->journal()), (std::vector{second, first}));
  EXPECT_EQ(value(reader->receipts()), std::vector{receipt});
  EXPECT_EQ(value(reader->receipt("K1")), receipt);
  EXPECT_EQ(value(reader->incidents()), (std::vector{incident_row("I1", "firing")}));
  EXPECT_EQ(value(reader->incident("I1")), incident_row("I1", "firing"));
  EXPECT_EQ(value(reader->pending_alerts("webhook:x")),
            (std::vector{PendingAlert{alert_row("A1"), 0}}));
  EXPECT_EQ(value(reader->pending_alerts("nobody")), std::vector<PendingAlert>{});
}

TEST(TheWriter, KeepsTheNewestStateOfAnIncident) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  writer.save_incident(incident_row("I1", "firing"));
  writer.save_incident(incident_row("I2", "firing"));
  writer.save_incident(incident_row("I1", "resolved"));
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->open_incidents("main")), (std::vector{incident_row("I2", "firing")}));
  EXPECT_EQ(value(reader->open_incidents("other")), std::vector<IncidentRow>{});
  EXPECT_EQ(value(reader->incidents()).size(), 2u);
}

TEST(TheWriter, KeepsTheNewestBaselineOfEachAccountExactly) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  BaselineRow unknown{"other", {}};
  unknown.baseline.doubt = "not measured yet";
  writer.save_baseline(baseline_row("unexplained"));
  writer.save_baseline(unknown);
  writer.save_baseline(baseline_row());
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->load_baseline("main")), baseline_row());
  EXPECT_EQ(value(reader->load_baseline("other")), unknown);
  EXPECT_EQ(value(reader->load_baseline("nobody")), std::nullopt);
}

TEST(TheWriter, KeepsAnIncidentOfTheAccountAsAWhole) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  IncidentRow row = incident_row("20251120T012300-blind", "firing");
  row.finding.symbol.clear();
  writer.save_incident(row);
  ASSERT_TRUE(writer.flush(kPatience));
  EXPECT_EQ(value(reader_of(scratch)->open_incidents("main")), std::vector{row});
}

TEST(TheWriter, KeepsOneKillSwitchForEachAccount) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  writer.save_kill(latched("main"));
  writer.save_kill(latched("other"));
  ASSERT_TRUE(writer.flush(kPatience));
  const KillRow armed{"main", KillState::armed, "", "", "", at(0), 0};
  writer.save_kill(armed);
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->load_kill("main")), armed);
  EXPECT_EQ(value(reader->load_kill("other")), latched("other"));
  EXPECT_EQ(value(reader->load_kill("never seen")), std::nullopt);
}

TEST(TheWriter, FollowsADeliveryUntilItHasEnded) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  writer.enqueue_alert(alert_row("A1"), {"a", "b"});
  const DeliveryRow failed{"A1", "a", DeliveryRow::State::waiting, 1, at(1000), {}, "HTTP 503"};
  writer.save_delivery(failed);
  ASSERT_TRUE(writer.flush(kPatience));
  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->pending_alerts("a")), (std::vector{PendingAlert{alert_row("A1"), 1}}));

  const DeliveryRow delivered{"A1", "a", DeliveryRow::State::delivered, 2, {}, at(2000), ""};
  writer.save_delivery(delivered);
  writer.save_delivery(failed);  // comes late, and changes nothing
  ASSERT_TRUE(writer.flush(kPatience));

  const DeliveryRow waiting{"A1", "b", DeliveryRow::State::waiting, 0, {}, {}, ""};
  EXPECT_EQ(value(reader->deliveries("A1")), (std::vector{delivered, waiting}));
  EXPECT_EQ(value(reader->pending_alerts("a")), std::vector<PendingAlert>{});
}

TEST(TheWriter, KeepsTheFirstOfTwoAlertsWithOneKey) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  AlertRow again = alert_row("A1");
  again.body = "another";
  writer.enqueue_alert(alert_row("A1"), {"a"});
  writer.enqueue_alert(again, {"a"});
  ASSERT_TRUE(writer.flush(kPatience));
  EXPECT_EQ(value(reader_of(scratch)->pending_alerts("a")),
            (std::vector{PendingAlert{alert_row("A1"), 0}}));
}

TEST(TheWriter, EndsTheDeliveriesOfASinkThatIsNoLongerConfigured) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  writer.enqueue_alert(alert_row("A1"), {"kept", "removed"});
  writer.retire_deliveries_except({"kept"}, at(9));
  ASSERT_TRUE(writer.flush(kPatience));
  EXPECT_EQ(value(reader_of(scratch)->deliveries("A1")),
            (std::vector<DeliveryRow>{{"A1", "kept", DeliveryRow::State::waiting, 0, {}, {}, ""},
                                      {"A1",
                                       "removed",
                                       DeliveryRow::State::dead,
                                       0,
                                       {},
                                       at(9),
                                       "the sink is no longer configured"}}));
}

TEST(TheWriter, SaysWhenARowIsOnTheDisk) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  std::promise<bool> done;
  writer.enqueue_alert(alert_row("A1"), {"a"}, [&](bool on_disk) { done.set_value(on_disk); });
  auto answer = done.get_future();
  ASSERT_EQ(answer.wait_for(kPatience), std::future_status::ready);
  EXPECT_TRUE(answer.get());
  EXPECT_EQ(value(reader_of(scratch)->pending_alerts("a")).size(), 1u);
}

TEST(TheWriter, WritesWhatIsQueuedBeforeItStops) {
  const Scratch scratch;
  {
    Writer writer(open_or_die(scratch.file()));
    for (int i = 0; i < 3000; ++i) writer.append(journal_row(std::to_string(i)));
  }
  EXPECT_EQ(value(reader_of(scratch)->journal(10'000)).size(), 3000u);
}

TEST(TheWriter, TakesNothingAfterItHasStopped) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  writer.stop();
  bool told = false;
  writer.enqueue_alert(alert_row("A1"), {"a"}, [&](bool on_disk) { told = !on_disk; });
  EXPECT_TRUE(told);
  EXPECT_EQ(writer.counters().dropped, 1u);
  writer.stop();
}

TEST(TheWriter, TakesTextThatIsNotUtf8AndTextWithZeros) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  IncidentRow hostile = incident_row("I1", "firing");
  hostile.finding.message = std::string("a\0b\xff", 4);
  hostile.finding.evidence = {{"raw", "\xff\xfe"}};
  writer.save_incident(hostile);
  ASSERT_TRUE(writer.flush(kPatience));
  const auto row = value(reader_of(scratch)->incident("I1"));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->finding.message, hostile.finding.message);
  EXPECT_EQ(row->finding.evidence, (model::Evidence{{"raw", "\xEF\xBF\xBD\xEF\xBF\xBD"}}));
}

TEST(TheWriter, CutsAnEndlessTextAtACharacterAndMarksIt) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  std::string endless;
  while (endless.size() < 2 * kMaxText) endless += "€";
  writer.append(journal_row(endless));
  ASSERT_TRUE(writer.flush(kPatience));
  const std::string text = value(reader_of(scratch)->journal()).at(0).text;
  EXPECT_LE(text.size(), kMaxText);
  EXPECT_THAT(text, testing::EndsWith("€… (cut)"));
}

TEST(Pruning, DeletesOldRowsAndKeepsWhatIsNotFinished) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  for (int i = 0; i < 1700; ++i) writer.append(journal_row("old", -1));
  writer.append(journal_row("new", 0));
  IncidentRow old_open = incident_row("I-open", "firing");
  IncidentRow old_resolved = incident_row("I-resolved", "resolved");
  old_open.at = old_resolved.at = at(-1);
  writer.save_incident(old_open);
  writer.save_incident(old_resolved);
  IncidentRow old_lapsed = incident_row("I-lapsed", "lapsed");
  old_lapsed.at = at(-1);
  writer.save_incident(old_lapsed);
  for (const char* key : {"delivered", "waiting", "dead"}) {
    AlertRow alert = alert_row(key);
    alert.created = at(-1);
    writer.enqueue_alert(alert, {"a"});
  }
  writer.save_delivery({"delivered", "a", DeliveryRow::State::delivered, 1, {}, at(-1), ""});
  writer.save_delivery({"dead", "a", DeliveryRow::State::dead, 9, {}, at(-1), "HTTP 400"});
  writer.save_kill(latched());
  writer.save_receipt({"K1", "main", at(-1), "{}"});
  writer.prune(at(0));
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->journal(10'000)).size(), 1u);
  EXPECT_EQ(value(reader->incidents()), std::vector{old_open});
  EXPECT_EQ(value(reader->pending_alerts("a")).size(), 1u);
  EXPECT_EQ(value(reader->deliveries("delivered")), std::vector<DeliveryRow>{});
  EXPECT_EQ(value(reader->deliveries("dead")), std::vector<DeliveryRow>{});
  EXPECT_EQ(value(reader->load_kill("main")), latched());
  EXPECT_EQ(value(reader->receipts()).size(), 1u);
}

TEST(Reading, LeavesOutIncidentsThatEndedBeforeTheyFired) {
  const Scratch scratch;
  Writer writer(open_or_die(scratch.file()));
  const IncidentRow told = incident_row("I1", "resolved");
  writer.save_incident(told);
  writer.save_incident(incident_row("I2", "lapsed"));
  ASSERT_TRUE(writer.flush(kPatience));

  const auto reader = reader_of(scratch);
  EXPECT_EQ(value(reader->incidents()), std::vector{told});
  EXPECT_EQ(value(reader->open_incidents("main")), std::vector<IncidentRow>{});
}

TEST(Reading, LeavesOutAndCountsARowOfAnotherVersion) {
  const Scratch scratch;
  Database other = open_or_die(scratch.file());
  other.connection().exec(
      "INSERT INTO incidents VALUES ('I1','main','r','apocalyptic','','BOTH','firing',0,0,'','[]'),"
      "('I2','main','r','info','','SIDEWAYS','firing',0,0,'','[]'),"
      "('I3','main','r','info','','BOTH','firing',0,0,'','{not json')");
  const auto reader = reader_of(scratch);
  const auto rows = value(reader->incidents());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].id, "I2");
  EXPECT_EQ(rows[0].finding.position_side, model::PositionSide::unknown);
  EXPECT_EQ(reader->unreadable(), 2u);
}

TEST(Reading, RefusesToGuessAKillSwitchOfAnUnknownState) {
  const Scratch scratch;
  Database other = open_or_die(scratch.file());
  other.connection().exec("PRAGMA ignore_check_constraints=ON");
  other.connection().exec("INSERT INTO kill VALUES ('main','half-pulled','','','',0,0)");
  const auto kill = reader_of(scratch)->load_kill("main");
  ASSERT_FALSE(kill);
  EXPECT_EQ(kill.error().kind, ErrorKind::invalid);
  EXPECT_THAT(kill.error().message, HasSubstr("half-pulled"));
}

}  // namespace
}  // namespace vakthund::db
