// freqtrade's pages and journal as bots.md describes them.
#include "simulator/standin/freqtrade_face.h"

#include "tests/simulator/standin/bot_world.h"

namespace vakthund::simulator::standin {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr const char* kBasic = "Basic ZnJlcXRyYWRlcjpwYXNz";  // freqtrader:pass

class FreqtradeTest : public BotWorld {
 protected:
  void start(const std::string& script = {}, model::Duration lifetime = 15min) {
    file_ = std::make_unique<FreqtradeJournal>(journal());
    tokens_ = std::make_unique<FreqtradeTokens>("freqtrader", "pass", lifetime);
    face_ = std::make_unique<FreqtradeFace>(*file_, *tokens_, FreqtradeFace::Settings{});
    serve(*face_, script);
  }
  json post(const std::string& path, const std::string& authorization, int status = 200,
            const std::string& body = {}) {
    const auto response = send("POST", path, authorization, body);
    EXPECT_TRUE(response && response->status == status) << path;
    return response ? json::parse(response->body, nullptr, false) : json();
  }
  json rows(const std::string& sql) {
    SQLite::Database reader(journal(), SQLite::OPEN_READONLY);
    SQLite::Statement query(reader, sql);
    json found = json::array();
    while (query.executeStep()) {
      json row = json::array();
      for (int i = 0; i < query.getColumnCount(); ++i) {
        const auto column = query.getColumn(i);
        row.push_back(column.isNull()      ? json(nullptr)
                      : column.isInteger() ? json(column.getInt64())
                      : column.isFloat()   ? json(column.getDouble())
                                           : json(column.getString()));
      }
      found.push_back(std::move(row));
    }
    return found;
  }

  std::unique_ptr<FreqtradeJournal> file_;
  std::unique_ptr<FreqtradeTokens> tokens_;
  std::unique_ptr<FreqtradeFace> face_;
};

TEST(FreqtradePair, IsTheUnifiedSpelling) {
  EXPECT_EQ(freqtrade_pair("BNBUSDT"), "BNB/USDT:USDT");
  EXPECT_EQ(freqtrade_pair("1000PEPEUSDT"), "1000PEPE/USDT:USDT");
  EXPECT_EQ(freqtrade_pair("ETHUSDC"), "ETH/USDC:USDC");
  EXPECT_EQ(freqtrade_pair("USDT"), "USDT");
}

TEST_F(FreqtradeTest, AnswersNobodyWithoutAPasswordExceptAPing) {
  start();
  EXPECT_EQ(page("/api/v1/ping"), json::parse(R"({"status":"pong"})"));
  for (const char* header : {"", "Basic d3Jvbmc=", "Bearer x.y.z", "Bearer ", "Basic"}) {
    for (const char* page : {"/api/v1/health", "/api/v1/status", "/api/v1/none"}) {
      const auto response = get(page, header);
      EXPECT_EQ(response.status, 401) << page << header;
      EXPECT_EQ(response.body, R"({"detail":"Unauthorized"})");
    }
  }
  post("/api/v1/stop", "", 401);
  post("/api/v1/token/login", "Basic d3Jvbmc=", 401);
  post("/api/v1/token/refresh", kBasic, 401);
  EXPECT_EQ(get("/api/v1/status", kBasic).status, 200);
  EXPECT_EQ(get("/api/v1/none", kBasic).status, 404);
}

TEST_F(FreqtradeTest, GivesOutTokensThatExpireAndAreRefreshed) {
  start();
  const json login = post("/api/v1/token/login", kBasic);
  const std::string access = "Bearer " + login["access_token"].get<std::string>();
  const std::string refresh = "Bearer " + login["refresh_token"].get<std::string>();
  EXPECT_EQ(get("/api/v1/status", access).status, 200);
  EXPECT_EQ(get("/api/v1/status", refresh).status, 401) << "a refresh token opens nothing";
  control("expire_tokens: true");
  EXPECT_EQ(get("/api/v1/status", access).status, 401);
  const json fresh = post("/api/v1/token/refresh", refresh);
  EXPECT_FALSE(fresh.contains("refresh_token"));
  const std::string again = "Bearer " + fresh["access_token"].get<std::string>();
  EXPECT_NE(again, access);
  EXPECT_EQ(get("/api/v1/status", again).status, 200);
}

TEST(FreqtradeTokens, LiveAsLongAsTheyWereGiven) {
  FreqtradeTokens tokens("u", "p", 10s);
  const auto now = model::from_epoch_ms(1'763'601'780'000);
  const std::string access = "bearer " + tokens.new_access(now);
  EXPECT_TRUE(tokens.is_access(access, now + 9999ms));
  EXPECT_FALSE(tokens.is_access(access, now + 10s));
  EXPECT_FALSE(tokens.is_refresh(access, now));
  EXPECT_TRUE(tokens.is_basic("basic dTpw"));
  EXPECT_FALSE(tokens.is_basic("Basic"));
}

TEST_F(FreqtradeTest, ListsItsTradesASpotPairAmongThem) {
  start(
      "- believe: {symbol: BNBUSDT, quantity: -2.17, entry: 896.80, stop: 914.74}\n"
      "- believe: {symbol: DOTUSDT, quantity: 143, entry: 2.675}");
  const json trades = page("/api/v1/status", kBasic);
  ASSERT_EQ(trades.size(), 3u);
  const json& bnb = trades[0];
  EXPECT_EQ(bnb["pair"], "BNB/USDT:USDT");
  EXPECT_EQ(bnb["is_open"], true);
  EXPECT_EQ(bnb["is_short"], true);
  EXPECT_EQ(bnb["amount"], 2.17);
  EXPECT_EQ(bnb["open_rate"], 896.8);
  EXPECT_EQ(bnb["stop_loss_abs"], 914.74);
  EXPECT_EQ(bnb["initial_stop_loss_abs"], 914.74);
  EXPECT_EQ(bnb["leverage"], 20.0);
  EXPECT_EQ(bnb["liquidation_price"], nullptr);
  EXPECT_EQ(bnb["has_open_orders"], true);
  EXPECT_EQ(bnb["orders"].size(), 2u);
  EXPECT_EQ(bnb["orders"][1]["ft_order_side"], "stoploss");
  EXPECT_TRUE(bnb["trade_id"].is_number_integer());
  EXPECT_TRUE(bnb.contains("custom_data")) << "fields nobody asked for";
  EXPECT_EQ(trades[1]["stop_loss_abs"], 2.6215) << "2 % below the entry";
  EXPECT_EQ(trades[2]["pair"], "ADA/USDT");
  EXPECT_EQ(trades[2]["trading_mode"], "spot");
}

TEST_F(FreqtradeTest, WritesItsJournalWhileItRuns) {
  start("- believe: {symbol: BNBUSDT, quantity: -2.17, entry: 896.80, stop: 914.74}");
  const std::string open_trades =
      "SELECT pair,is_short,amount,open_rate,stop_loss,initial_stop_loss,leverage,close_date,"
      "exit_reason FROM trades WHERE is_open=1 AND pair LIKE '%:%'";
  EXPECT_EQ(rows(open_trades), json::parse(R"([["BNB/USDT:USDT",1,2.17,896.8,914.74,914.74,20.0,
                                               null,null]])"));
  EXPECT_EQ(rows("SELECT ft_order_side,side,order_type,status,price,average,filled,stop_price FROM "
                 "orders WHERE ft_pair LIKE 'BNB%'"),
            json::parse(R"([["sell","sell","market","closed",896.8,896.8,2.17,null],
                            ["stoploss","buy","stop_market","open",914.74,null,0.0,914.74]])"));
  EXPECT_EQ(rows("PRAGMA journal_mode")[0][0], "wal");
  control("believe: {symbol: BNBUSDT, quantity: 0}");
  EXPECT_EQ(rows(open_trades), json::array());
  EXPECT_EQ(rows("SELECT exit_reason FROM trades WHERE pair LIKE 'BNB%'")[0][0],
            "stoploss_on_exchange");
  control("journal: {symbol: SOLUSDT, side: SHORT, qty: 5, price: 139.01, stop: 150}");
  EXPECT_EQ(rows(open_trades)[0][0], "SOL/USDT:USDT") << "a row, whatever is true";
  EXPECT_EQ(page("/api/v1/status", kBasic).size(), 1u);
}

TEST_F(FreqtradeTest, ReplacesItsJournalByAnotherFile) {
  start("- believe: {symbol: BNBUSDT, quantity: -2.17, entry: 896.80}");
  control("journal: {symbol: SOLUSDT, side: SHORT, qty: 5, price: 139.01}");
  SQLite::Database held(journal(), SQLite::OPEN_READONLY);
  ASSERT_EQ(held.execAndGet("SELECT count(*) FROM trades").getInt(), 3);
  control("replace_journal: true");
  EXPECT_EQ(rows("SELECT pair FROM trades ORDER BY id"),
            json::parse(R"([["ADA/USDT"],["BNB/USDT:USDT"]])"));
  EXPECT_EQ(held.execAndGet("SELECT count(*) FROM trades").getInt(), 3) << "the old one lives on";
}

TEST_F(FreqtradeTest, TellsProgressUntilItStalls) {
  start();
  const auto at = [&] { return page("/api/v1/health", kBasic)["last_process_ts"].get<long>(); };
  const json health = page("/api/v1/health", kBasic);
  EXPECT_NEAR(static_cast<double>(at()), static_cast<double>(::time(nullptr)), 30);
  EXPECT_TRUE(health["last_process"].get<std::string>().ends_with("+00:00"));
  const long before = at();
  ASSERT_TRUE(run_until([&] { return at() > before; })) << "it moves on";
  control("stall: true");
  const long stalled = at();
  const auto later = net::Loop::now().mono + 2s;
  ASSERT_TRUE(run_until([&] { return net::Loop::now().mono > later; }));
  EXPECT_EQ(at(), stalled);
  EXPECT_EQ(get("/api/v1/ping").status, 200) << "alive is not working";
}

TEST_F(FreqtradeTest, ObeysItsControls) {
  start("- believe: {symbol: BNBUSDT, quantity: -2.17, entry: 896.80}");
  EXPECT_TRUE(post("/api/v1/stopentry", kBasic)["status"].is_string());
  control("open: {symbol: BNBUSDT, side: SELL, quantity: 1}");
  EXPECT_EQ(printed_.back(), "⏸️ no entries any more: BNBUSDT");
  EXPECT_TRUE(post("/api/v1/stop", kBasic)["status"].is_string());
  EXPECT_EQ(page("/sim/state")["stopped"], true);
  EXPECT_EQ(page("/api/v1/show_config", kBasic)["state"], "stopped");
  EXPECT_TRUE(post("/api/v1/forceexit", kBasic, 200, R"({"tradeid":"all"})").contains("status"));
  EXPECT_EQ(printed_.back(), "❌ order MARKET BUY BNBUSDT: there is no exchange");
  post("/api/v1/forceexit", kBasic, 502, R"({"tradeid":"77"})");
  post("/api/v1/forceexit", kBasic, 422, "[]");
}

}  // namespace
}  // namespace vakthund::simulator::standin
