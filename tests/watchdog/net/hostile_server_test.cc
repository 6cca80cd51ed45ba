// Servers that answer wrongly, slowly, too much or not at all.
#include "loopback.h"

namespace vakthund::net {
namespace {

Outcome ask(const std::string& answer, HttpClient::Limits limits = {}, bool byte_by_byte = false,
            const std::string& method = "GET", bool stay_open = false) {
  RawServer raw([&](RawPeer peer) {
    peer.read_request();
    if (byte_by_byte) {
      for (const char c : answer) peer.write(std::string(1, c));
    } else {
      peer.write(answer);
    }
    if (stay_open) peer.wait_for_end();
  });
  Loop loop;
  HttpClient client(loop, tcp_endpoint(raw.port()), limits);
  return fetch(loop, client, {method, "/", {}, {}});
}

const std::string kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Weight: 7\r\n\r\n"
    "4;ext=1\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Trailer: t\r\n\r\n";

TEST(HostileServer, ChunkedAnswerIsPutTogether) {
  for (const bool byte_by_byte : {false, true}) {
    const auto outcome = ask(kChunked, {}, byte_by_byte, "GET", true);
    EXPECT_EQ(outcome.body(), "Wikipedia in \r\n\r\nchunks.");
    EXPECT_GE(outcome.result->body.capacity(), outcome.result->body.size() + 64);
    EXPECT_EQ(outcome.result->header("x-weight"), "7");
  }
}

TEST(HostileServer, AnswerMayComeByteByByte) {
  const auto outcome =
      ask("HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nContent-Length: 5\r\n\r\nhello", {}, true,
          "GET", true);
  EXPECT_EQ(outcome.body(), "hello");
  EXPECT_EQ(outcome.result->status, 429);
  EXPECT_EQ(outcome.result->header("retry-after"), "3");
}

TEST(HostileServer, BodyWithoutLengthEndsWithTheConnection) {
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\n\r\nall of it").body(), "all of it");
  EXPECT_EQ(ask("HTTP/1.0 200 OK\r\n\r\nall of it", {}, true).body(), "all of it");
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\n\r\n").body(), "");
}

TEST(HostileServer, InterimAnswersAreSkipped) {
  EXPECT_EQ(ask("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                {}, false, "GET", true)
                .body(),
            "ok");
}

TEST(HostileServer, AnswersWithoutBodyEndAtTheirHeader) {
  EXPECT_EQ(ask("HTTP/1.1 204 No Content\r\n\r\n", {}, false, "GET", true).result->status, 204);
  const auto head = ask("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", {}, false, "HEAD", true);
  EXPECT_EQ(head.body(), "");
  EXPECT_GE(head.result->body.capacity(), 64u);
}

TEST(HostileServer, WhatIsNotHttpIsInvalid) {
  for (const char* answer :
       {"garbage without end \x01\x02\xff\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA\x01: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"}) {
    const auto outcome = ask(answer);
    EXPECT_EQ(outcome.failure().kind, ErrorKind::invalid) << answer << outcome.failure().message;
  }
}

TEST(HostileServer, HalfAnAnswerIsUnknown) {
  for (const std::string& answer :
       {std::string(), std::string("HTTP/1.1 2"), std::string("HTTP/1.1 200 OK\r\nContent-"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        kChunked.substr(0, kChunked.size() - 3)}) {
    const auto outcome = ask(answer);
    EXPECT_EQ(outcome.failure().kind, ErrorKind::unknown) << answer;
    EXPECT_NE(outcome.failure().message.find("the connection ended"), std::string::npos);
  }
}

TEST(HostileServer, BodyIsHeldToItsLimit) {
  HttpClient::Limits limits;
  limits.max_body = 10;
  EXPECT_EQ(ask("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", limits).body(),
            "0123456789");
  for (const char* answer :
       {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n01234567890",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nB\r\n01234567890"}) {
    const auto outcome = ask(answer, limits);
    EXPECT_EQ(outcome.failure().kind, ErrorKind::invalid) << answer;
    EXPECT_NE(outcome.failure().message.find("larger than 10 bytes"), std::string::npos);
  }
}

TEST(HostileServer, EndlessBodyAndHeaderAreCutOff) {
  for (const char* start : {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 "}) {
    RawServer raw([&](RawPeer peer) {
      peer.read_request();
      peer.write(start);
      while (peer.write(std::string(65536, 'x'))) {
      }
    });
    Loop loop;
    HttpClient client(loop, tcp_endpoint(raw.port()), {});
    EXPECT_EQ(fetch(loop, client, {}).failure().kind, ErrorKind::invalid) << start;
  }
}

TEST(HostileServer, SilenceAndDripsEndAtTheDeadline) {
  for (const bool drip : {false, true}) {
    RawServer raw([&](RawPeer peer) {
      peer.read_request();
      if (drip) peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
      peer.wait_for_end();  // the client hangs up
    });
    Loop loop;
    HttpClient client(loop, tcp_endpoint(raw.port()), {});
    EXPECT_EQ(fetch(loop, client, {}, 50ms).failure().kind, ErrorKind::unknown);
  }
}

TEST(HostileServer, MoreThanWasAskedForIsNotTakenForTheNextAnswer) {
  RawServer raw([](RawPeer peer) {
    peer.read_request();
    peer.write(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
    peer.wait_for_end();
  });
  Loop loop;
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(fetch(loop, client, {}).body(), "a");
  EXPECT_EQ(raw.accepted(), 3);
}

TEST(HostileServer, EarlyAnswerToAHugeRequestIsHeard) {
  RawServer raw([](RawPeer peer) {
    peer.read_request();
    peer.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_end();
  });
  Loop loop;
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  const auto outcome = fetch(loop, client, {"POST", "/", {}, std::string(32u << 20, 'x')});
  ASSERT_TRUE(outcome.result) << outcome.failure().message;
  EXPECT_EQ(outcome.result->status, 413);
}

TEST(HostileServer, ConnectionThatIsResetIsUnknown) {
  RawServer raw([](RawPeer peer) {
    peer.read_until("GET");  // closing with the rest unread resets
  });
  Loop loop;
  HttpClient client(loop, tcp_endpoint(raw.port()), {});
  EXPECT_EQ(fetch(loop, client, {}).failure().kind, ErrorKind::unknown);
}

}  // namespace
}  // namespace vakthund::net
