#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/rules/explained.h"
#include "watchdog/server/explain_json.h"
#include "watchdog/server/explain_text.h"

namespace vakthund::server {
namespace {

using rules::explained;
using testing::HasSubstr;
using testing::Not;
using namespace model::literals;

ExplainView view_of(const rules::Row& row) {
  ExplainedAccount account;
  account.name = "main";
  account.listed = true;
  account.positions = {explained(rules::night(row))};
  account.open_symbols = {row.symbol};
  return {row.symbol, model::from_epoch_ms(1763601780000), "observe", {account}};
}

TEST(ExplainText, AnswersTheNightForOnePositionInEightyColumns) {
  EXPECT_EQ(write_explanation_text(view_of(rules::kBnb), {false, 80}),
            R"(OK  BNBUSDT  no rule finds anything  2025-11-20 01:23:00 UTC

main  BNBUSDT SHORT 2.17
  entry 896.80 · mark 906.33 · 20x · liquidation 1309.27
  STOP        STOP_MARKET BUY 914.74 (algo 2148719), 0.93 % away by the mark
              price

  SUPPORTED   (F) nothing is wrong: this is the stop and the leverage
              +  a 2.00 % stop at 20x is a 40.0 % loss of margin: 38.93 of 97.30
              +  the loss now, 20.68, is 53.1 % of what the stop lets be lost
  REFUTED     (A) a stop slipped or was held back
              -  a loss of 20.67 on 2.17 SHORT from 896.80 is a price of 906.33,
                 below the stop at 914.74: there was nothing to trigger
              -  the exchange lists it as NEW: STOP_MARKET BUY 914.74 (algo
                 2148719)
  REFUTED     (E) liquidation comes before the stop
              -  the stop at 914.74 is 0.93 % away, liquidation at 1309.27 is
                 44.5 % away: the stop comes first
  REFUTED     (D) the bot's claim of protection is false
              -  stops cover 2.17 of 2.17, as the bot's log says
  REFUTED     (B) it was entered again, unknown to the bot
              -  exchange and journal agree: entry 896.80 and 896.80
              -  the trade list: opened 2025-11-20 00:23Z by the bot, 1 order,
                 entry 896.80
  REFUTED     (C) it is larger than intended
              -  2.17 on the exchange, 2.17 in the bot's journal
              -  notional at entry 1946.06, intended at most 2000.00
              -  leverage 20x, intended at most 20x

                 PRICE    LOSS  OF NOTIONAL  OF MARGIN  OF EQUITY
  now           906.33   20.68       1.06 %    21.25 %     2.13 %
  at the stop   914.74   38.93       2.00 %    40.01 %     4.01 %
  liquidation  1309.27  895.06      45.99 %   919.87 %    92.15 %

  DO          if 38.93 is too much to lose: a smaller position or a nearer stop;
              less leverage changes the share of margin, not the money
  DO NOT      order type STOP_LOSS: USDⓈ-M futures have none, it is refused
              (-1116) and the bot runs naked
)");
}

TEST(ExplainText, SaysWhatIsMissingAndWhatToDo) {
  ExplainView view = view_of(rules::kDot);
  view.accounts[0].findings = {
      {"unprotected", model::Severity::critical, "DOTUSDT", {}, "DOTUSDT has no stop", {}},
      {"false_claim", model::Severity::critical, "DOTUSDT", {}, "the log is false", {}}};
  EXPECT_EQ(write_explanation_text(view, {false, 100}),
            R"(CRITICAL  DOTUSDT  unprotected, false_claim  2025-11-20 01:23:00 UTC

main  DOTUSDT LONG 143
  entry 2.675 · mark 2.715 · 20x
  NO STOP     TAKE_PROFIT_MARKET SELL 2.755 (algo 2148725): a take profit: it limits no loss

  SUPPORTED   (D) the bot's claim of protection is false
              +  the bot's log says "✅ DOTUSDT already protected"
              +  stops cover 0 of 143
              +  TAKE_PROFIT_MARKET SELL 2.755 (algo 2148725): a take profit: it limits no loss
  UNDECIDED   (E) liquidation comes before the stop
              ?  the exchange tells no liquidation price (it says 0 where there is none)
  REFUTED     (A) a stop slipped or was held back
              -  a gain of 5.72 on 143 LONG from 2.675 is a price of 2.715, above 2.622 (the stop
                 distance the bot intends): there was nothing to trigger
              -  no stop of this position has been seen on the exchange: none could slip
  REFUTED     (B) it was entered again, unknown to the bot
              -  exchange and journal agree: entry 2.675 and 2.675
              -  the trade list: opened 2025-11-20 00:23Z by the bot, 1 order, entry 2.675
  REFUTED     (C) it is larger than intended
              -  143 on the exchange, 143 in the bot's journal
              -  notional at entry 382.52, intended at most 2000.00
              -  leverage 20x, intended at most 20x
  REFUTED     (F) nothing is wrong: this is the stop and the leverage
              -  D is supported: the bot's claim of protection is false
              -  stops cover 0 of 143: its loss has no end

                PRICE   LOSS  OF NOTIONAL  OF MARGIN  OF EQUITY
  now           2.715  -5.72      -1.50 %   -29.91 %    -0.59 %
  if stopped *  2.622   7.65       2.00 %    40.00 %     0.79 %
  * no stop stands; this is the stop distance the bot intends

  DO          place a STOP_MARKET SELL closePosition=true on the algo service (POST
              /fapi/v1/algoOrder): triggerPrice=2.622 workingType=MARK_PRICE
  DO NOT      counting a take profit as protection: it limits no loss
  DO NOT      order type STOP_LOSS: USDⓈ-M futures have none, it is refused (-1116) and the bot runs
              naked
  DO NOT      looking for stops in openOrders: since 2025-12-09 they are algo orders
              (openAlgoOrders), and a stop sent to /fapi/v1/order is refused (-4120)
)");
}

TEST(ExplainText, FitsTheTerminalAndHoldsNoEscapeSequenceUnlessColourIsAskedFor) {
  ExplainView view = view_of(rules::kBtc);
  view.accounts[0].trouble = "evil \x1b[2J";
  rules::Explanation& told = view.accounts[0].positions[0];
  told.orders[0].why = "bad \x1b]0;title\x07 " + std::string(90, 'x') + " and so on";
  told.theories[0].points[0].text = "evil \x1b[31m";
  for (const std::size_t columns : {60, 80, 120}) {
    std::istringstream lines(write_explanation_text(view, {false, columns}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(line, Not(HasSubstr("\x1b")));
      if (line.find("xxx") == std::string::npos) EXPECT_LE(width(line), columns) << line;
    }
  }
  EXPECT_THAT(write_explanation_text(view, {true, 80}), HasSubstr("\x1b[32mSUPPORTED "));
}

TEST(ExplainText, OfASymbolWithoutAPositionSaysWhatIsKnown) {
  ExplainedAccount account;
  account.name = "main";
  account.listed = true;
  account.known = {"algo order 9: STOP_MARKET SELL 2.6, it can only reduce"};
  ExplainView view{"ETHUSDT", model::from_epoch_ms(1763601780000), "observe", {account}};
  EXPECT_EQ(write_explanation_text(view, {}),
            R"(OK  ETHUSDT  no rule finds anything  2025-11-20 01:23:00 UTC

main  no open position in ETHUSDT
  KNOWN       algo order 9: STOP_MARKET SELL 2.6, it can only reduce
)");
  view.accounts[0].known.clear();
  EXPECT_THAT(write_explanation_text(view, {}),
              HasSubstr("  KNOWN       no order, and no word of the bot's on it\n"));
  view.accounts[0].trouble = "the exchange refused the key (-2015)";
  EXPECT_EQ(overall_of(view), Overall::unknown);
  EXPECT_THAT(write_explanation_text(view, {}), HasSubstr("main  positions unknown\n"));
}

TEST(ExplainView, TellsAMisspeltSymbolFromACalmOne) {
  ExplainedAccount account;
  account.name = "main";
  account.listed = false;
  account.open_symbols = {"BNBUSDT", "BTCUSDT"};
  ExplainView view{"BNBUSD", {}, "observe", {account, account}};
  const std::string why = "the exchange lists no symbol BNBUSD; open positions: BNBUSDT, BTCUSDT";
  EXPECT_EQ(misspelt(view), why);
  EXPECT_EQ(overall_of(view), Overall::unknown);
  EXPECT_THAT(write_explanation_text(view, {}), HasSubstr("  UNKNOWN     " + why));
  EXPECT_EQ(nlohmann::json::parse(write_explanation(view))["error"], why);
  view.accounts[1].listed.reset();  // one that could not be asked may know it
  EXPECT_EQ(misspelt(view), "");
  EXPECT_EQ(overall_of(view), Overall::ok);
  view.accounts[1] = account;
  view.accounts[1].known = {"the bot believes it holds 1 from 2"};
  EXPECT_EQ(misspelt(view), "");
}

TEST(ExplainView, IsAsBadAsTheWorstFindingOfTheSymbol) {
  ExplainView view = view_of(rules::kBnb);
  EXPECT_EQ(overall_of(view), Overall::ok);
  view.accounts[0].undecided = {{"reentry", "BNBUSDT", "trades: unknown"}};
  EXPECT_EQ(overall_of(view), Overall::unknown);
  view.accounts[0].findings = {{"x", model::Severity::warning, "BNBUSDT", {}, "", {}}};
  EXPECT_EQ(overall_of(view), Overall::warning);
  view.accounts.clear();
  EXPECT_EQ(overall_of(view), Overall::unknown);
}

TEST(ExplainJson, HasEveryNumberAsAStringAndEveryTheory) {
  const auto document = nlohmann::ordered_json::parse(write_explanation(view_of(rules::kBnb)));
  const auto position = document["accounts"][0]["positions"][0];
  EXPECT_EQ(document["status"], "ok");
  EXPECT_EQ(document["error"], "");
  EXPECT_EQ(position["implied_price"], "906.32534562");
  EXPECT_EQ(position["leverage"], 20);
  EXPECT_EQ(position["protection"].dump(), R"({"status":"full","covered_quantity":"2.17"})");
  EXPECT_EQ(position["orders"].dump(),
            R"([{"id":"2148719","source":"algo","type":"STOP_MARKET","side":"BUY","status":"NEW",)"
            R"("trigger_price":"914.74","working_type":"MARK_PRICE","distance_ratio":"0.0093",)"
            R"("effective":true,"crossed":false,"why":""}])");
  EXPECT_EQ(position["arithmetic"]["at_stop"].dump(),
            R"({"price":"914.74","loss":"38.9298","of_notional":"0.0200","of_margin":"0.4001",)"
            R"("of_equity":"0.0401","basis":"the stop"})");
  std::string verdicts;
  for (const auto& theory : position["theories"]) {
    verdicts += theory["theory"].get<std::string>() + " " + theory["verdict"].get<std::string>() +
                " " + theory["name"].get<std::string>() + "\n";
  }
  EXPECT_EQ(verdicts,
            "F supported nothing_wrong\nA refuted stop_slipped\nE refuted liquidation_first\n"
            "D refuted false_claim\nB refuted reentered\nC refuted wrong_size\n");
  EXPECT_EQ(position["theories"][0]["for"].size(), 2u);
  EXPECT_EQ(position["theories"][1]["against"].size(), 2u);
  EXPECT_EQ(position["remedies"]["right"].size(), 1u);
  EXPECT_EQ(position["remedies"]["wrong"].size(), 1u);
  const auto dot = nlohmann::json::parse(write_explanation(view_of(rules::kDot)));
  EXPECT_TRUE(dot["accounts"][0]["positions"][0]["liquidation_price"].is_null());
  EXPECT_TRUE(dot["accounts"][0]["positions"][0]["arithmetic"]["at_liquidation"]["loss"].is_null());
}

}  // namespace
}  // namespace vakthund::server
