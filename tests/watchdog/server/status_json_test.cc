#include "watchdog/server/status_json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/watchdog/server/a_night.h"

namespace vakthund::server {
namespace {

using model::literals::operator""_d;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

// The example of product.md §6; compared with its keys' order and its values' types.
constexpr std::string_view kContract =
    R"({ "status": "critical", "time": "2025-11-20T01:23:00.000Z", "mode": "observe",
  "accounts": [ { "name": "main", "latched": false, "data_age_ms": 12,
    "positions": [ { "symbol": "BNBUSDT", "side": "SHORT", "position_side": "BOTH", "quantity": "2.17",
      "entry_price": "896.8", "mark_price": "906.33", "liquidation_price": "938.1", "notional": "1966.74",
      "unrealized_pnl": "-20.68", "loss_ratio": "0.0106", "leverage": 20,
      "protection": { "status": "full", "covered_quantity": "2.17",
        "stops": [ { "id": "2148719", "source": "algo", "type": "STOP_MARKET", "trigger_price": "914.74",
                     "working_type": "MARK_PRICE", "crossed": false, "effective": true, "why": "" } ] } } ],
    "findings": [ { "rule": "unprotected", "severity": "critical", "symbol": "DOTUSDT", "position_side": "BOTH",
      "message": "DOTUSDT LONG 1234.5 has no stop: 2148725 is a take profit only", "evidence": { "covered_quantity": "0", "quantity": "1234.5" } } ] } ] })";

TEST(StatusJson, IsTheShapeOfTheContract) {
  const Json expected = Json::parse(kContract);
  StatusView night = a_night();
  night.accounts[0].positions.resize(1);
  const Json written = Json::parse(write_status(night));

  Json known = written;
  Json& account = known["accounts"][0];
  for (const char* addition : {"trouble", "undecided", "feeds", "kill", "incidents", "exchange",
                               "readiness", "bot", "day"}) {
    ASSERT_TRUE(account.contains(addition)) << addition;
    account.erase(addition);
  }
  EXPECT_EQ(known.dump(), expected.dump());
}

TEST(StatusJson, AddsWhatTheJudgementRestsOn) {
  const Json account = Json::parse(write_status(a_night()))["accounts"][0];
  EXPECT_EQ(account["undecided"].dump(),
            R"([{"rule":"entry_mismatch","symbol":"BNBUSDT","why":"the journal is stale"}])");
  EXPECT_EQ(
      account["feeds"].dump(),
      R"([{"name":"positions","freshness":"fresh","age_ms":12,"trouble":""},)"
      R"({"name":"journal","freshness":"stale","age_ms":65000,"trouble":"database is locked"},)"
      R"({"name":"container","freshness":"unknown","age_ms":null,"trouble":""}])");
  EXPECT_EQ(account["kill"].dump(),
            R"({"state":"armed","id":"","reason":"","by":"","started":null,"ready":false,)"
            R"("not_ready_why":"the key may not trade","phase":"","left":[],"receipt":null,)"
            R"("receipt_text":""})");
  EXPECT_EQ(
      account["incidents"].dump(),
      R"([{"id":"I7","state":"firing","rule":"unprotected","severity":"critical",)"
      R"("symbol":"DOTUSDT","position_side":"BOTH","message":"DOTUSDT LONG 1234.5 has no stop",)"
      R"("since":"2025-11-20T01:22:50.000Z","at":"2025-11-20T01:23:00.000Z","waits":""}])");
  EXPECT_EQ(Json::parse(write_incidents(a_night().accounts[0].incidents)), account["incidents"]);
}

TEST(StatusJson, TellsTheBotTheExchangeTheDayAndReadiness) {
  StatusView status;
  status.accounts.resize(2);
  AccountView& account = status.accounts[0];
  account.exchange = ExchangeView{2400, 204, 120, 84, 240, -11, "banned"};
  account.readiness = {{"key", "warning", "it may withdraw"}};
  account.bot = BotView{true, "ok", model::from_epoch_ms(1763601777000), "bot", "running"};
  account.day = {971.33_d, -12.5_d, -20.68_d, 1010_d, 0.01534_d};
  const Json written = Json::parse(write_status(status))["accounts"];
  EXPECT_EQ(written[0]["exchange"].dump(),
            R"({"weight_limit":2400,"weight_used":204,"weight_ours":120,"weight_others":84,)"
            R"("weight_budget":240,"clock_offset_ms":-11,"refused":"banned"})");
  EXPECT_EQ(written[0]["readiness"].dump(),
            R"([{"name":"key","state":"warning","detail":"it may withdraw"}])");
  EXPECT_EQ(written[0]["bot"].dump(),
            R"({"up":true,"detail":"ok","progress":"2025-11-20T01:22:57.000Z",)"
            R"("container":"bot","container_status":"running"})");
  EXPECT_EQ(written[0]["day"].dump(),
            R"({"equity":"971.33","realized":"-12.5","unrealized":"-20.68",)"
            R"("peak_equity":"1010","margin_ratio":"0.0153"})");
  EXPECT_TRUE(written[1]["exchange"].is_null());
  EXPECT_TRUE(written[1]["bot"].is_null());
  EXPECT_TRUE(written[1]["day"]["equity"].is_null());
}

TEST(StatusJson, IsADocumentOnFailureToo) {
  EXPECT_EQ(Json::parse(write_failure("nobody answers")).dump(),
            R"({"status":"unknown","error":"nobody answers"})");
}

TEST(StatusJson, WritesUnknownAsNull) {
  StatusView status;
  status.accounts.resize(1);
  status.accounts[0].positions.resize(1);
  status.accounts[0].positions[0].protection.stops.resize(1);
  const Json written = Json::parse(write_status(status));
  EXPECT_EQ(written["status"], "unknown");
  const Json account = written["accounts"][0];
  EXPECT_TRUE(account["data_age_ms"].is_null());
  EXPECT_TRUE(account["kill"]["ready"].is_null());
  const Json position = account["positions"][0];
  for (const char* key : {"entry_price", "mark_price", "liquidation_price", "notional",
                          "unrealized_pnl", "loss_ratio", "leverage"}) {
    EXPECT_TRUE(position[key].is_null()) << key;
  }
  EXPECT_TRUE(position["protection"]["covered_quantity"].is_null());
  EXPECT_TRUE(position["protection"]["stops"][0]["crossed"].is_null());
}

TEST(StatusJson, CarriesTheReceiptOfAKillAndNothingThatIsNotJson) {
  StatusView status;
  status.accounts.resize(1);
  status.accounts[0].kill.receipt_json = R"({"flat":true})";
  EXPECT_EQ(Json::parse(write_status(status))["accounts"][0]["kill"]["receipt"]["flat"], true);
  status.accounts[0].kill.receipt_json = "{";
  EXPECT_TRUE(Json::parse(write_status(status))["accounts"][0]["kill"]["receipt"].is_null());
}

TEST(StatusJson, RepairsTextThatIsNotUtf8) {
  StatusView status;
  status.accounts.resize(1);
  status.accounts[0].trouble = "bad \xFF byte";
  EXPECT_THAT(write_status(status), HasSubstr("bad \xEF\xBF\xBD byte"));
}

TEST(Overall, IsTheWorstThatWasSeenAndUnknownOutranksOk) {
  EXPECT_EQ(worse(Overall::ok, Overall::unknown), Overall::unknown);
  EXPECT_EQ(worse(Overall::unknown, Overall::warning), Overall::warning);
  EXPECT_EQ(worse(Overall::critical, Overall::unknown), Overall::critical);
  AccountView account;
  EXPECT_EQ(overall_of(account), Overall::ok);
  account.trouble = "no answer";
  EXPECT_EQ(overall_of(account), Overall::unknown);
  account.findings.push_back({"x", model::Severity::info, "", {}, "", {}});
  EXPECT_EQ(overall_of(account), Overall::unknown);
  account.findings.push_back({"x", model::Severity::warning, "", {}, "", {}});
  EXPECT_EQ(overall_of(account), Overall::warning);
}

}  // namespace
}  // namespace vakthund::server
