#include "alerts/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "alerts/signature.h"
#include "tests/alerts/certificates.h"
#include "tests/alerts/local_server.h"
#include "tests/alerts/messages.h"

namespace vakthund::alerts {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using Kind = Delivery::Kind;
using Poco::Net::StreamSocket;

std::unique_ptr<Sink> webhook(const std::string& url, model::Duration timeout = 10s,
                              const std::string& ca_file = "") {
  WebhookSettings settings;
  settings.url = url;
  settings.secret = "s3cret";
  settings.timeout = timeout;
  settings.ca_file = ca_file;
  auto sink = make_webhook(settings);
  EXPECT_TRUE(sink) << sink.error().message;
  return std::move(*sink);
}

LocalServer::Answer always(int status) {
  return [status](const SeenRequest&) { return CannedReply{status, "", {}}; };
}

TEST(AWebhook, SendsASignedBodyWithItsKey) {
  const LocalServer server(always(204));
  EXPECT_EQ(webhook(server.url("/hook?token=t"))->deliver(firing(), {}), Delivery::delivered());

  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, "/hook?token=t");
  EXPECT_EQ(seen[0].body, to_webhook_body(firing()));
  EXPECT_EQ(seen[0].signature, signature("s3cret", seen[0].body));
  EXPECT_EQ(seen[0].key, "K-1");
  EXPECT_EQ(seen[0].content_type, "application/json");
  EXPECT_EQ(seen[0].authorization, "");
}

TEST(AWebhook, SignsNothingWithoutASecret) {
  const LocalServer server(always(200));
  WebhookSettings settings;
  settings.url = server.url();
  EXPECT_EQ(make_webhook(settings).value()->deliver(firing(), {}), Delivery::delivered());
  EXPECT_EQ(server.seen().at(0).signature, "");
}

TEST(AWebhook, SendsTheSameBytesAndKeyAtEveryAttempt) {
  int calls = 0;
  const LocalServer server(
      [&](const SeenRequest&) { return CannedReply{++calls < 3 ? 503 : 200, "", {}}; });
  const auto sink = webhook(server.url());
  EXPECT_EQ(sink->deliver(firing(), {}).kind, Kind::retry);
  EXPECT_EQ(sink->deliver(firing(), {}).kind, Kind::retry);
  EXPECT_EQ(sink->deliver(firing(), {}).kind, Kind::delivered);
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 3u);
  for (const auto& request : seen) {
    EXPECT_EQ(request.key, "K-1");
    EXPECT_EQ(request.body, seen[0].body);
    EXPECT_EQ(request.signature, seen[0].signature);
  }
}

TEST(AWebhook, HeedsRetryAfter) {
  const LocalServer server(
      [](const SeenRequest&) { return CannedReply{429, "slow down", {{"Retry-After", "17"}}}; });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}),
            Delivery::retry("HTTP 429: too many requests", 17s));
}

TEST(AWebhook, DoesNotFollowARedirect) {
  const LocalServer elsewhere(always(200));
  const LocalServer server(
      [&](const SeenRequest&) { return CannedReply{302, "", {{"Location", elsewhere.url()}}}; });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}).kind, Kind::refused);
  EXPECT_EQ(elsewhere.seen().size(), 0u);
}

TEST(AWebhook, HasANameThatTellsUrlsApartAndShowsNothingSecret) {
  const auto one = webhook("https://hooks.example.com/secret-one");
  const auto two = webhook("https://hooks.example.com/secret-two");
  EXPECT_THAT(one->name(), MatchesRegex("webhook:hooks.example.com-[0-9a-f]+"));
  EXPECT_EQ(one->name(), webhook("https://hooks.example.com/secret-one")->name());
  EXPECT_NE(one->name(), two->name());
}

TEST(AWebhook, IsNotMadeOfAnythingButAUrl) {
  WebhookSettings settings;
  settings.url = "secret-nonsense";
  const auto sink = make_webhook(settings);
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().kind, ErrorKind::invalid);
  EXPECT_THAT(sink.error().message, Not(HasSubstr("secret")));
}

TEST(AnUnreachableReceiver, IsTriedAgainAndNamedWithoutItsPath) {
  int port = 0;
  {
    const LocalServer gone(always(200));
    port = gone.port();
  }
  const Delivery delivery =
      webhook(fmt::format("http://127.0.0.1:{}/secret", port))->deliver(firing(), {});
  EXPECT_EQ(delivery.kind, Kind::retry);
  EXPECT_THAT(delivery.why, HasSubstr(fmt::format("127.0.0.1:{}", port)));
  EXPECT_THAT(delivery.why, HasSubstr("refused"));
  EXPECT_THAT(delivery.why, Not(HasSubstr("secret")));
}

TEST(AReceiverThatHangs, IsLeftAtTheDeadline) {
  const RudeServer server(drain);
  const Delivery delivery = webhook(server.url(), 200ms)->deliver(firing(), {});
  EXPECT_EQ(delivery,
            Delivery::retry(fmt::format("127.0.0.1:{}: no answer in 200ms", server.port())));
}

TEST(AReceiverThatDripsItsAnswer, IsLeftAtTheDeadlineToo) {
  const RudeServer server([](StreamSocket& socket) {
    const std::string head = "HTTP/1.1 200 OK\r\nX-Endless: ";
    socket.sendBytes(head.data(), static_cast<int>(head.size()));
    socket.setReceiveTimeout(Poco::Timespan(0, 10'000));
    char ignored[4096];
    for (;;) {
      socket.sendBytes("x", 1, MSG_NOSIGNAL);
      try {
        if (socket.receiveBytes(ignored, sizeof ignored) <= 0) return;
      } catch (const Poco::TimeoutException&) {
        continue;
      }
    }
  });
  EXPECT_EQ(webhook(server.url(), 300ms)->deliver(firing(), {}).kind, Kind::retry);
}

TEST(AReceiverThatHangs, DoesNotHoldUpAStop) {
  std::promise<void> connected;
  const RudeServer server([&](StreamSocket& socket) {
    connected.set_value();
    drain(socket);
  });
  std::stop_source stop;
  auto delivery = std::async(std::launch::async, [&] {
    return webhook(server.url(), 1h)->deliver(firing(), stop.get_token());
  });
  connected.get_future().wait();
  stop.request_stop();
  EXPECT_EQ(delivery.get(), Delivery::retry(fmt::format("127.0.0.1:{}: stopped", server.port())));
}

TEST(AStatusThatOnlyProxiesUse, IsReadAsItIs) {
  const RudeServer server([](StreamSocket& socket) {
    char request[65536];
    socket.receiveBytes(request, sizeof request);
    const std::string reply = "HTTP/1.1 522 Origin Unreachable\r\nRetry-After: 3\r\n\r\n";
    socket.sendBytes(reply.data(), static_cast<int>(reply.size()));
  });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}),
            Delivery::retry("HTTP 522: the receiver cannot serve now", 3s));
}

TEST(AReceiverThatClosesInMidReply, IsTriedAgain) {
  const RudeServer server([](StreamSocket& socket) {
    char request[65536];
    socket.receiveBytes(request, sizeof request);
    socket.sendBytes("HTTP/1.1 20", 11);
  });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}).kind, Kind::retry);
}

TEST(AReceiverThatClosesAtOnce, IsTriedAgain) {
  const RudeServer server([](StreamSocket& socket) { socket.close(); });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}).kind, Kind::retry);
}

TEST(AReceiverThatAnswersNonsense, IsTriedAgain) {
  for (const std::string reply :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc\r\n\r\n", "\r\n\r\n", "HTTP/9.9 -7 x\r\n\r\n"}) {
    const RudeServer server([&](StreamSocket& socket) {
      char request[65536];
      socket.receiveBytes(request, sizeof request);
      socket.sendBytes(reply.data(), static_cast<int>(reply.size()));
    });
    EXPECT_EQ(webhook(server.url())->deliver(firing(), {}).kind, Kind::retry) << reply;
  }
}

TEST(AReceiverWithEndlessHeaders, IsLeft) {
  const RudeServer server([](StreamSocket& socket) {
    std::string field = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100'000; ++i) {
      socket.sendBytes(field.data(), static_cast<int>(field.size()), MSG_NOSIGNAL);
      field = fmt::format("X-{}: {}\r\n", i, std::string(1000, 'x'));
    }
  });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}).kind, Kind::retry);
}

TEST(AReceiverWithAnEndlessBody, HasTakenTheAlert) {
  const RudeServer server([](StreamSocket& socket) {
    const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
    socket.sendBytes(head.data(), static_cast<int>(head.size()));
    const std::string chunk(16'384, 'x');
    for (;;) socket.sendBytes(chunk.data(), static_cast<int>(chunk.size()), MSG_NOSIGNAL);
  });
  EXPECT_EQ(webhook(server.url())->deliver(firing(), {}), Delivery::delivered());
}

TEST(AWebhookOverTls, DeliversToAServerOfItsAuthority) {
  const Authority authority;
  const LocalServer server(always(200), authority.server_context("IP:127.0.0.1,DNS:localhost"));
  EXPECT_EQ(webhook(server.url(), 10s, authority.file())->deliver(firing(), {}),
            Delivery::delivered());
  EXPECT_EQ(webhook(server.url("/", "localhost"), 10s, authority.file())->deliver(firing(), {}),
            Delivery::delivered());
}

TEST(AWebhookOverTls, TellsNothingToAServerOfAnotherAuthority) {
  const Authority authority;
  const Authority other;
  const LocalServer server(always(200), authority.server_context("IP:127.0.0.1"));
  for (const std::string& ca_file : {other.file(), std::string()}) {
    const Delivery delivery = webhook(server.url(), 10s, ca_file)->deliver(firing(), {});
    EXPECT_EQ(delivery.kind, Kind::retry);
    EXPECT_THAT(delivery.why, HasSubstr("certificate verify failed"));
  }
  EXPECT_EQ(server.seen().size(), 0u);
}

TEST(AWebhookOverTls, TellsNothingToAServerOfAnotherName) {
  const Authority authority;
  const LocalServer server(always(200), authority.server_context("DNS:hooks.example.com"));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const Delivery delivery =
        webhook(server.url("/", host), 10s, authority.file())->deliver(firing(), {});
    EXPECT_EQ(delivery.kind, Kind::retry) << host;
  }
  EXPECT_EQ(server.seen().size(), 0u);
}

TEST(AWebhookOverTls, NeedsACaFileThatCanBeRead) {
  WebhookSettings settings;
  settings.url = "https://hooks.example.com/secret";
  settings.ca_file = "/nonexistent/ca.pem";
  const auto sink = make_webhook(settings);
  ASSERT_FALSE(sink);
  EXPECT_THAT(sink.error().message, HasSubstr("/nonexistent/ca.pem"));
}

}  // namespace
}  // namespace vakthund::alerts
