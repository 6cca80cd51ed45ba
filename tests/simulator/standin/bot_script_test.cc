#include "simulator/standin/bot_script.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace vakthund::simulator::standin {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(BotScript, ReadsEveryKindOfStepInTheOrderOfTime) {
  const auto steps = parse_script(R"(
steps:
  - { at: 4s, exit: 3 }
  - { at: 500ms, log: hello }
  - at: 2s
    place_order: { symbol: DOTUSDT, side: SELL, type: STOP_LOSS, quantity: 10, stopPrice: 2.60 }
  - { at: 2s, cancel_stops: [BNBUSDT, BTCUSDT] }
  - { at: 3s, open: { symbol: SOLUSDT, side: SELL, quantity: 1 } }
  - { at: 3s, journal: { symbol: SOLUSDT, side: SELL, qty: 1, price: 139 } }
  - ignore_sigterm: true
)");
  ASSERT_TRUE(steps.has_value()) << steps.error().message;
  ASSERT_EQ(steps->size(), 7u);
  EXPECT_TRUE(std::get<IgnoreSigtermStep>((*steps)[0].what).ignore);
  EXPECT_EQ((*steps)[1].at, 500ms);
  EXPECT_EQ(std::get<LogStep>((*steps)[1].what).text, "hello");
  EXPECT_EQ(std::get<PlaceStep>((*steps)[2].what).params.at("stopPrice"), "2.60");
  EXPECT_EQ(std::get<CancelStopsStep>((*steps)[3].what).symbols,
            (std::vector<std::string>{"BNBUSDT", "BTCUSDT"}));
  EXPECT_EQ(std::get<OpenStep>((*steps)[4].what).params.at("quantity"), "1");
  EXPECT_EQ(std::get<JournalStep>((*steps)[5].what).row.at("price"), "139");
  EXPECT_EQ(std::get<ExitStep>((*steps)[6].what).code, 3);
}

TEST(BotScript, MayBeAPlainListOrEmpty) {
  EXPECT_EQ(parse_script("[{log: x}]")->size(), 1u);
  EXPECT_EQ(parse_script("")->size(), 0u);
  EXPECT_EQ(parse_script("steps:")->size(), 0u);
}

TEST(BotScript, SaysWhereItIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"- {at: soon, log: x}", "script:1:8: a duration"},
      {"- {at: 1s}", "exactly one thing"},
      {"- {log: a, exit: 1}", "exactly one thing"},
      {"- {dance: 1}", "unknown step: dance"},
      {"- {open: {symbol: A}}", "side is missing"},
      {"- {open: A}", "a map of parameters"},
      {"- {exit: now}", "script:1:"},
      {"- [", "script:"},
      {"text", "a list of steps"},
      {"- {place_order: {symbol: [1]}}", "a plain value"},
      {"- {believe: {symbol: A}}", "quantity is missing"},
      {"- {believe: {symbol: A, quantity: 1, stop: far}}", "stop is a number"},
      {"- {truth: false}", "truth is true or not written"},
      {"- {http: {kind: rain}}", "script:1:10: http: unknown kind"},
  };
  for (const auto& [yaml, expected] : wrong) {
    const auto steps = parse_script(yaml);
    ASSERT_FALSE(steps.has_value()) << yaml;
    EXPECT_THAT(steps.error().message, HasSubstr(expected)) << yaml;
  }
}

TEST(BotScript, UnderstandsTheExampleOfItsDocumentation) {
  std::ifstream in;
  for (auto up = std::filesystem::current_path(); !in.is_open() && up != up.parent_path();
       up = up.parent_path()) {
    in.open(up / "simulator/SCENARIOS.md");
  }
  if (!in.is_open()) GTEST_SKIP() << "the sources are not where this was built";
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  const auto begin = all.find("```yaml bot") + 11;
  const auto steps = parse_script(all.substr(begin, all.find("```", begin) - begin));
  ASSERT_TRUE(steps.has_value()) << steps.error().message;
  std::set<std::size_t> kinds;
  for (const auto& step : *steps) kinds.insert(step.what.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<decltype(ScriptStep::what)>) << "every one is there";
}

}  // namespace
}  // namespace vakthund::simulator::standin
