// A stand-in bot of some kind on a port of its own, without an exchange, and a client of its pages.
#pragma once

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

#include "simulator/standin/trading_bot.h"

namespace vakthund::simulator::standin {

class BotWorld : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-bot-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(name.data()));
    directory_ = name;
  }
  void TearDown() override {
    client_.reset();
    server_.reset();
    bot_.reset();
    std::filesystem::remove_all(directory_);
  }
  std::string journal() const { return (directory_ / "journal.sqlite").string(); }

  void serve(BotFace& face, const std::string& script = {}) {
    const auto steps = parse_script(script);
    ASSERT_TRUE(steps.has_value()) << steps.error().message;
    bot_ = std::make_unique<TradingBot>(
        loop_, nullptr, face, *steps,
        TradingBot::Callbacks{[this](const std::string& line) { printed_.push_back(line); },
                              [this](int code) { exit_code_ = code; }});
    net::Server::Handler handler;
    handler.on_request = [this](net::HttpRequest request, net::Responder responder) {
      bot_->answer(request, std::move(responder));
    };
    auto server = net::Server::listen(loop_, {}, std::move(handler));
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
    net::Endpoint endpoint;
    endpoint.kind = net::Endpoint::Kind::tcp;
    endpoint.host = "127.0.0.1";
    endpoint.port = std::to_string(server_->port());
    client_ = std::make_unique<net::HttpClient>(loop_, endpoint, net::HttpClient::Limits{});
    bot_->start();
  }

  bool run_until(const std::function<bool()>& done) {
    const auto deadline = net::Loop::now().mono + std::chrono::seconds(30);
    net::Timer timer(loop_);
    std::function<void()> look = [&] {
      if (done() || net::Loop::now().mono > deadline) return loop_.stop();
      timer.after(std::chrono::milliseconds(1), look);
    };
    timer.after(std::chrono::milliseconds(0), look);
    loop_.run();
    return done();
  }
  Result<net::HttpResponse> send(const std::string& method, const std::string& target,
                                 const std::string& authorization = {}, std::string body = {}) {
    net::HttpRequest request{method, target, {}, std::move(body)};
    if (!authorization.empty()) request.headers = {{"Authorization", authorization}};
    std::optional<Result<net::HttpResponse>> result;
    client_->send(std::move(request), std::chrono::seconds(20),
                  [&](Result<net::HttpResponse> r, net::HttpTimings) { result = std::move(r); });
    if (!run_until([&] { return result.has_value(); })) return error(ErrorKind::unknown, "late");
    return *std::move(result);
  }
  // Of a page that answers; its status is seen to by the caller.
  net::HttpResponse get(const std::string& target, const std::string& authorization = {}) {
    auto response = send("GET", target, authorization);
    EXPECT_TRUE(response.has_value()) << target << ": " << response.error().message;
    return response ? *response : net::HttpResponse{};
  }
  nlohmann::json page(const std::string& target, const std::string& authorization = {}) {
    const auto response = get(target, authorization);
    EXPECT_EQ(response.status, 200) << target << ": " << response.body;
    return nlohmann::json::parse(response.body, nullptr, false);
  }
  // A step, done when this returns.
  void control(const std::string& step) {
    const auto response = send("POST", "/sim/control", {}, step);
    ASSERT_TRUE(response.has_value());
    ASSERT_EQ(response->status, 200) << response->body;
    page("/sim/state");
  }

  net::Loop loop_;
  std::filesystem::path directory_;
  std::unique_ptr<TradingBot> bot_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<net::HttpClient> client_;
  std::vector<std::string> printed_;
  int exit_code_ = -1;
};

}  // namespace vakthund::simulator::standin
