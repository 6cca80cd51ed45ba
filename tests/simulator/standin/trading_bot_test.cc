#include "simulator/standin/trading_bot.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>

#include "simulator/standin/quantum_face.h"

namespace vakthund::simulator::standin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

// binance.md §2, "HMAC vector".
TEST(ExchangeSignature, IsTheDocumentedOne) {
  EXPECT_EQ(hmac_hex("2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9",
                     "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC"
                     "&recvWindow=5000&timestamp=1591702613943"),
            "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9");
}

class TradingBotTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-bot-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(name.data()));
    directory_ = name;
    net::Server::Handler handler;
    handler.on_request = [this](net::HttpRequest request, net::Responder responder) {
      exchange_answers(request, std::move(responder));
    };
    auto server = net::Server::listen(loop_, {}, std::move(handler));
    ASSERT_TRUE(server.has_value());
    exchange_ = std::move(*server);
    journal_ = std::make_unique<BotJournal>((directory_ / "trades.db").string());
    face_ = std::make_unique<QuantumFace>(*journal_);
  }
  void TearDown() override {
    bot_.reset();
    client_.reset();
    exchange_.reset();
    journal_.reset();
    std::filesystem::remove_all(directory_);
  }

  void exchange_answers(const net::HttpRequest& request, net::Responder responder) {
    const auto path = request.target.substr(0, request.target.find('?'));
    asked_.push_back(request.method + " " + request.target);
    net::HttpResponse response;
    response.status = 200;
    if (path == "/fapi/v1/time") {
      response.body = R"({"serverTime":1763601780000})";
    } else if (path == "/fapi/v3/positionRisk") {
      response.body = positions_;
    } else if (request.target.find("STOP_LOSS") != std::string::npos) {
      response.status = 400;
      response.body = R"({"code":-1116,"msg":"Invalid orderType."})";
    } else {
      response.body = "{}";
    }
    responder.send(std::move(response));
  }

  // Runs the bot until a line begins so.
  bool run_until(const std::string& script, const std::string& line) {
    auto steps = parse_script(script);
    EXPECT_TRUE(steps.has_value()) << steps.error().message;
    client_ = std::make_unique<ExchangeClient>(
        loop_, net::Url::parse("http://127.0.0.1:" + std::to_string(exchange_->port()))->endpoint,
        "key", "secret");
    until_ = line;
    bot_ = std::make_unique<TradingBot>(loop_, client_.get(), *face_, *steps,
                                        TradingBot::Callbacks{[this](const std::string& printed) {
                                                                printed_.push_back(printed);
                                                                if (printed.starts_with(until_)) {
                                                                  seen_ = true;
                                                                  loop_.stop();
                                                                }
                                                              },
                                                              [this](int code) {
                                                                exit_code_ = code;
                                                                loop_.stop();
                                                              }});
    bot_->start();
    return keep_running();
  }
  bool keep_running() {
    net::Timer deadline(loop_);
    deadline.after(std::chrono::seconds(30), [this] { loop_.stop(); });
    seen_ = false;
    loop_.run();
    return seen_;
  }

  net::Loop loop_;
  std::filesystem::path directory_;
  std::unique_ptr<net::Server> exchange_;
  std::unique_ptr<BotJournal> journal_;
  std::unique_ptr<QuantumFace> face_;
  std::unique_ptr<ExchangeClient> client_;
  std::unique_ptr<TradingBot> bot_;
  std::string positions_ =
      R"([{"symbol":"DOTUSDT","positionAmt":"143","entryPrice":"2.675","unRealizedProfit":"5.72"},
          {"symbol":"BNBUSDT","positionAmt":"-2.17","entryPrice":"896.8"},
          {"symbol":"XRPUSDT","positionAmt":"0","entryPrice":"0"}])";
  std::vector<std::string> asked_, printed_;
  std::string until_;
  bool seen_ = false;
  int exit_code_ = -1;
};

TEST_F(TradingBotTest, ClaimsProtectionForEveryPositionWhateverTheTruth) {
  ASSERT_TRUE(run_until("", "✅ DOTUSDT already protected"));
  EXPECT_THAT(printed_, Contains("✅ BNBUSDT already protected"));
  for (const auto& line : printed_) EXPECT_THAT(line, testing::Not(HasSubstr("XRPUSDT")));
}

TEST_F(TradingBotTest, WritesDownWhatAppearsOnceAndWhatDisappears) {
  ASSERT_TRUE(run_until("", "✅ DOTUSDT already protected"));
  auto rows = journal_->logs(10)["logs"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["symbol"], "DOTUSDT");
  EXPECT_EQ(rows[0]["side"], "BUY");
  EXPECT_EQ(rows[1]["side"], "SELL");
  EXPECT_EQ(rows[1]["qty"], 2.17);
  positions_ = R"([{"symbol":"DOTUSDT","positionAmt":"143","entryPrice":"2.675"}])";
  ASSERT_TRUE(keep_running());
  rows = journal_->logs(10)["logs"];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0]["symbol"], "BNBUSDT");
  EXPECT_EQ(rows[0]["status"], "CLOSED");
}

TEST_F(TradingBotTest, OnlyLogsAnOrderThatTheExchangeRefuses) {
  ASSERT_TRUE(run_until("- place_order: {symbol: DOTUSDT, side: SELL, type: STOP_LOSS}", "❌"));
  EXPECT_EQ(printed_.back(),
            "❌ order STOP_LOSS SELL DOTUSDT: APIError(code=-1116, msg=Invalid orderType.)");
}

TEST_F(TradingBotTest, CancelsTheStopsOfTheSymbolsNamedWithSignedRequests) {
  ASSERT_TRUE(run_until("- cancel_stops: [BNBUSDT]", "🗑️ cancelled stops of BNBUSDT"));
  const auto sent = std::find_if(asked_.begin(), asked_.end(), [](const std::string& line) {
    return line.starts_with("DELETE /fapi/v1/algoOpenOrders?symbol=BNBUSDT&recvWindow=");
  });
  ASSERT_NE(sent, asked_.end());
  const auto query = sent->substr(sent->find('?') + 1);
  const auto at = query.find("&signature=");
  EXPECT_EQ(query.substr(at + 11), hmac_hex("secret", query.substr(0, at)));
  EXPECT_THAT(query, HasSubstr("&timestamp=1763601")) << "the exchange's clock, not its own";
}

TEST_F(TradingBotTest, ExitsWithTheScriptsCode) {
  run_until("- exit: 3", "nothing");
  EXPECT_EQ(exit_code_, 3);
}

}  // namespace
}  // namespace vakthund::simulator::standin
