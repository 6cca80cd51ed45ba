// A bot of one's own, and the ways in which any bot's pages fail.
#include "simulator/standin/generic_face.h"

#include "simulator/standin/bot.h"
#include "tests/simulator/standin/bot_world.h"

namespace vakthund::simulator::standin {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

class GenericTest : public BotWorld {
 protected:
  void start(const std::string& script = {}, const std::string& authorization = {}) {
    file_ = std::make_unique<GenericJournal>(journal());
    face_ = std::make_unique<GenericFace>(*file_, authorization);
    serve(*face_, script);
  }
  json open_positions() {
    return page("/internal/v2/book").at(Pointer("/result/accounts/0/book/open"));
  }
  std::unique_ptr<GenericJournal> file_;
  std::unique_ptr<GenericFace> face_;
};

const std::string kPositions =
    "- believe: {symbol: BNBUSDT, quantity: -2.17, entry: 896.80, stop: 914.74}\n"
    "- believe: {symbol: DOTUSDT, quantity: 143, entry: 2.675}\n";

TEST_F(GenericTest, TellsItsPositionsUnderNamesOfItsOwn) {
  start(kPositions);
  const json open = open_positions();
  ASSERT_EQ(open.size(), 2u);
  const auto at = [&](int row, const char* pointer) { return open[row].at(Pointer(pointer)); };
  EXPECT_EQ(at(0, "/instrument/ticker"), "BNBUSDT");
  EXPECT_EQ(at(0, "/heading"), "SHORT");
  EXPECT_EQ(at(0, "/lots"), "2.17");
  EXPECT_EQ(at(0, "/net"), "-2.17");
  EXPECT_EQ(at(0, "/avg/px"), "896.8");
  EXPECT_EQ(at(0, "/guard/px"), "914.74");
  EXPECT_EQ(at(1, "/heading"), "LONG");
  EXPECT_EQ(at(1, "/guard/px"), nullptr);
  SQLite::Database reader(journal(), SQLite::OPEN_READONLY);
  SQLite::Statement deal(reader,
                         "SELECT heading,lots,px,protective_px,closed_ms FROM deals WHERE ticker="
                         "'BNBUSDT'");
  ASSERT_TRUE(deal.executeStep());
  EXPECT_EQ(deal.getColumn(0).getString(), "S");
  EXPECT_EQ(deal.getColumn(1).getString(), "2.17");
  EXPECT_EQ(deal.getColumn(2).getString(), "896.8");
  EXPECT_EQ(deal.getColumn(3).getString(), "914.74");
  EXPECT_TRUE(deal.getColumn(4).isNull());
}

TEST_F(GenericTest, LiesUntilItIsToldTheTruth) {
  start(kPositions);
  control("believe: {symbol: BNBUSDT, quantity: 0}");
  control("believe: {symbol: SOLUSDT, quantity: 9, entry: 1}");
  EXPECT_EQ(open_positions().size(), 2u);
  EXPECT_EQ(open_positions()[1]["instrument"]["ticker"], "SOLUSDT");
  control("truth: true");
  EXPECT_EQ(open_positions(), json::array());
  EXPECT_EQ(send("POST", "/sim/control", {}, "believe: {symbol: X, quantity: many}")->status, 400);
  EXPECT_EQ(send("POST", "/sim/control", {}, "dance: 1")->status, 400);
}

TEST_F(GenericTest, DemandsItsWholeAuthorization) {
  start({}, "Token 42");
  EXPECT_EQ(get("/internal/v2/alive").status, 403);
  EXPECT_EQ(get("/internal/v2/alive", "Token 43").status, 403);
  const json alive = page("/internal/v2/alive", "Token 42");
  const auto ms = alive.at(Pointer("/engine/last_loop_ms")).get<std::int64_t>();
  EXPECT_EQ(alive.at(Pointer("/engine/last_loop")), model::to_iso8601(model::from_epoch_ms(ms)));
}

TEST_F(GenericTest, FailsInEveryWayAskedFor) {
  start(kPositions);
  const std::size_t whole = get("/internal/v2/book").body.size();
  const auto book_after = [&](const std::string& fault) {
    control("clear: all");
    control("http: {path: /internal/v2/book, " + fault + "}");
    return get("/internal/v2/book");
  };
  EXPECT_EQ(book_after("kind: error").status, 500);
  EXPECT_EQ(book_after("kind: error, status: 418, body: tea").body, "tea");
  EXPECT_EQ(book_after("kind: unauthorized").status, 401);
  EXPECT_EQ(book_after("kind: garbage, style: truncated").body.size(), whole / 2);
  EXPECT_EQ(book_after("kind: garbage, style: empty").body, "");
  EXPECT_TRUE(book_after("kind: garbage, style: html").body.starts_with("<html>"));
  EXPECT_EQ(book_after("kind: garbage, style: binary").body.size(), 11u);
  const json nulls = json::parse(book_after("kind: garbage, style: nulls").body);
  EXPECT_EQ(nulls.at(Pointer("/result/accounts/0/book/open/0/lots")), nullptr);
  const json types = json::parse(book_after("kind: garbage, style: types").body);
  EXPECT_EQ(types.at(Pointer("/result/accounts/0/book/open/0/lots")), 42);
  const std::string huge = book_after("kind: huge, bytes: 1000000").body;
  EXPECT_EQ(huge.size() - huge.find('{'), huge.size() - 1'000'000);
  EXPECT_EQ(open_positions().size(), 2u) << "behind the blanks";
  EXPECT_EQ(book_after("kind: slow, delay: 30ms").status, 200);
  control("clear: all");
  control("http: {path: /internal/v2/book, kind: drop, count: 1}");
  EXPECT_FALSE(send("GET", "/internal/v2/book"));
  EXPECT_EQ(get("/internal/v2/book").status, 200) << "once only";
  EXPECT_EQ(get("/internal/v2/alive").status, 200) << "another page";
}

TEST_F(GenericTest, RemembersWhatItWasAsked) {
  start();
  get("/internal/v2/book");
  get("/internal/v2/nothing");
  EXPECT_EQ(page("/sim/state")["requests"],
            json::parse(R"(["GET /internal/v2/book","GET /internal/v2/nothing"])"));
}

TEST(HttpFault, SaysWhatIsWrongWithIt) {
  const std::pair<Fields, const char*> wrong[] = {
      {{{"kind", "rain"}}, "unknown kind 'rain'"},
      {{{"kind", "garbage"}}, "style"},
      {{{"kind", "error"}, {"status", "700"}}, "status"},
      {{{"kind", "error"}, {"count", "all"}}, "count"},
      {{{"kind", "huge"}, {"bytes", "999999999999"}}, "bytes"},
      {{{"kind", "slow"}, {"delay", "soon"}}, "delay"},
      {{{"kind", "slow"}, {"dealy", "1s"}}, "unknown field dealy"},
  };
  for (const auto& [fields, expected] : wrong) {
    const auto fault = HttpFault::parse(fields);
    ASSERT_FALSE(fault.has_value()) << expected;
    EXPECT_THAT(fault.error().message, testing::HasSubstr(expected));
  }
}

int run_words(std::vector<std::string> words) {
  words.insert(words.begin(), "bot");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return run_bot(static_cast<int>(argv.size()), argv.data());
}

TEST_F(GenericTest, SaysWhichOptionItsKindNeeds) {
  const auto said = [&](std::vector<std::string> words) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run_words(std::move(words)), 1);
    return testing::internal::GetCapturedStderr();
  };
  const std::string head = "vakthund-sim bot: ";
  EXPECT_EQ(said({"--journal", journal()}), head + "--exchange is missing\n");
  EXPECT_EQ(said({"--kind", "generic"}), head + "--journal is missing\n");
  EXPECT_EQ(said({"--kind", "freqtrade", "--journal", journal()}),
            head + "--password-file is missing\n");
  EXPECT_EQ(said({"--kind", "parrot", "--journal", journal()}),
            head + "--kind is quantum-trader, freqtrade or generic\n");
  EXPECT_EQ(said({"--kind", "generic", "--journal", journal(), "--exchange", "https://x"}),
            head + "--api-key is missing\n");
}

}  // namespace
}  // namespace vakthund::simulator::standin
