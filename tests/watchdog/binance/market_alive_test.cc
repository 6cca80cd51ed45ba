// Every frame of a stream is a sign of its life, also one that has something to tell: the guard
// takes trade prices only from a stream that it knows to be alive.
#include <gtest/gtest.h>

#include <algorithm>

#include "watchdog/binance/source.h"
#include "watchdog/net/server.h"

namespace vakthund::binance {
namespace {

using guard::Event;

template <class E>
bool has_market(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(), [](const Event& event) {
    const auto* found = std::get_if<E>(&event);
    if constexpr (std::is_same_v<E, guard::StreamAlive>) {
      return found && found->feed == model::Feed::market_stream;
    }
    return found != nullptr;
  });
}

TEST(MarketStream, IsAliveWithEveryFrameOfPrices) {
  // given an exchange that sends mark prices to whoever comes
  net::Loop loop;
  std::vector<std::shared_ptr<net::WebSocketSession>> sessions;
  net::Server::Handler handler;
  handler.on_request = [](const net::HttpRequest&, net::Responder responder) {
    const auto now = std::to_string(model::epoch_ms(net::Loop::now().wall));
    responder.send({200, {}, R"({"serverTime":)" + now + "}"});
  };
  handler.on_websocket = [&](const std::string&, std::shared_ptr<net::WebSocketSession> session) {
    session->send_text(R"([{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"100","st":1}])");
    sessions.push_back(std::move(session));
    return true;
  };
  auto server = net::Server::listen(loop, {}, handler);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  const std::string place = "127.0.0.1:" + std::to_string((*server)->port());
  SourceSettings settings;
  settings.account = "main";
  settings.rest_url = "http://" + place;
  settings.stream_url = "ws://" + place;
  settings.api_key = "key";
  settings.secret = "a-secret-of-some-length";

  // when the first prices arrive
  std::vector<Event> with_prices;
  auto source = Source::make(loop, settings, [&](std::vector<Event> events) {
    if (!has_market<guard::MarkPrices>(events)) return;
    with_prices = std::move(events);
    loop.stop();
  });
  ASSERT_TRUE(source.has_value()) << source.error().message;
  net::Timer deadline(loop);
  deadline.after(std::chrono::seconds(20), [&] { loop.stop(); });
  (*source)->start();
  loop.run();
  (*source)->stop();

  // then the stream is alive
  ASSERT_FALSE(with_prices.empty()) << "no prices came";
  EXPECT_TRUE(has_market<guard::StreamAlive>(with_prices));
}

}  // namespace
}  // namespace vakthund::binance
