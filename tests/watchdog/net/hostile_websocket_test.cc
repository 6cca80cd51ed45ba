// WebSocket servers that do what they must not. Frames: RFC 6455, 5.2.
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "loopback.h"
#include "watchdog/net/websocket_client.h"

namespace vakthund::net {
namespace {

std::string accept_key(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  const auto start = request.find(name) + name.size();
  const std::string key = request.substr(start, request.find("\r\n", start) - start) +
                          "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
  unsigned char text[64];
  const int size = EVP_EncodeBlock(text, digest, SHA_DIGEST_LENGTH);
  return std::string(reinterpret_cast<char*>(text), static_cast<std::size_t>(size));
}

std::string frame(unsigned char first, const std::string& payload) {
  std::string bytes(1, static_cast<char>(first));
  if (payload.size() < 126) {
    bytes += static_cast<char>(payload.size());
  } else {
    bytes += static_cast<char>(127);
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes += static_cast<char>(payload.size() >> shift);
  }
  return bytes + payload;
}

struct Seen {
  std::vector<std::string> texts;
  int pings = 0;
  std::vector<Error> closed;
};

// Opens, is sent `bytes`, and is looked at once the connection is closed.
Seen after(const std::string& bytes, bool byte_by_byte = false, bool hang_up = false) {
  RawServer raw([&](RawPeer peer) {
    const std::string request = peer.read_request();
    peer.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        accept_key(request) + "\r\n\r\n");
    if (byte_by_byte) {
      for (const char c : bytes) peer.write(std::string(1, c));
    } else {
      peer.write(bytes);
    }
    if (!hang_up) peer.wait_for_end();
  });
  Loop loop;
  Seen seen;
  const WebSocketClient client(
      loop, tcp_endpoint(raw.port()), "/", 10s,
      {nullptr, [&](std::string_view text) { seen.texts.emplace_back(text); },
       [&] { ++seen.pings; }, [&](Error why) { seen.closed.push_back(std::move(why)); }});
  EXPECT_TRUE(run_until(loop, [&] { return !seen.closed.empty(); }));
  EXPECT_EQ(seen.closed.size(), 1u);
  return seen;
}

const std::string kClose = frame(0x88,
                                 "\x03\xe9"
                                 "going away");

TEST(HostileWebSocket, FragmentsWithPingsBetweenMakeOneText) {
  const std::string bytes = frame(0x01, "Hel") + frame(0x89, "are you there") +
                            frame(0x00, "lo, ") + frame(0x8a, "") + frame(0x80, "there") +
                            frame(0x81, "next") + kClose;
  for (const bool byte_by_byte : {false, true}) {
    const Seen seen = after(bytes, byte_by_byte);
    EXPECT_EQ(seen.texts, (std::vector<std::string>{"Hello, there", "next"}));
    EXPECT_EQ(seen.pings, 2);
    EXPECT_EQ(seen.closed[0].kind, ErrorKind::unavailable);
    EXPECT_EQ(seen.closed[0].code, 1001);
    EXPECT_NE(seen.closed[0].message.find("going away"), std::string::npos);
  }
}

TEST(HostileWebSocket, WhatIsNotWebSocketIsInvalid) {
  const std::string masked = std::string("\x81\x81") + "abcd" + "x";
  for (const std::string& bytes :
       {masked, frame(0xc1, "reserved bit"), frame(0x83, "reserved opcode"),
        frame(0x80, "continues nothing"), frame(0x01, "begun") + frame(0x81, "begun again"),
        frame(0x09, "a ping in fragments"), frame(0x81, "\xff\xfe not UTF-8"), frame(0x88, "\x03"),
        frame(0x88, std::string("\x03\xec", 2))}) {
    EXPECT_EQ(after(bytes).closed[0].kind, ErrorKind::invalid) << bytes;
  }
}

TEST(HostileWebSocket, BinaryMessageIsInvalid) {
  const Seen seen = after(frame(0x82, "binary"));
  EXPECT_EQ(seen.closed[0].kind, ErrorKind::invalid);
  EXPECT_TRUE(seen.texts.empty());
}

TEST(HostileWebSocket, MessageIsHeldToItsLimit) {
  const std::string largest(WebSocketClient::kMaxMessage, 'x');
  EXPECT_EQ(after(frame(0x81, largest) + kClose).texts, std::vector<std::string>{largest});
  const std::string claim("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
  for (const std::string& bytes :
       {frame(0x81, largest + "x"), frame(0x01, largest) + frame(0x80, "x"), claim}) {
    const Seen seen = after(bytes);
    EXPECT_EQ(seen.closed[0].kind, ErrorKind::invalid);
    EXPECT_NE(seen.closed[0].message.find("larger than"), std::string::npos);
    EXPECT_TRUE(seen.texts.empty());
  }
}

TEST(HostileWebSocket, ConnectionThatEndsWithinAFrameIsUnavailable) {
  for (const std::string& bytes : {std::string(), std::string("\x81"), frame(0x01, "half")}) {
    EXPECT_EQ(after(bytes, false, true).closed[0].kind, ErrorKind::unavailable);
  }
}

TEST(HostileWebSocket, ReasonForClosingIsMadeFitForOneLine) {
  const Seen seen = after(frame(0x88,
                                "\x03\xe9"
                                "two\nlines"));
  EXPECT_EQ(seen.closed[0].message.find('\n'), std::string::npos);
}

Error refusal(const std::string& answer) {
  RawServer raw([&](RawPeer peer) {
    peer.read_request();
    peer.write(answer);
    peer.wait_for_end();
  });
  Loop loop;
  std::vector<Error> closed;
  const WebSocketClient client(
      loop, tcp_endpoint(raw.port()), "/", 500ms,
      {nullptr, nullptr, nullptr, [&](Error why) { closed.push_back(std::move(why)); }});
  EXPECT_TRUE(run_until(loop, [&] { return !closed.empty(); }));
  return closed.at(0);
}

TEST(HostileWebSocket, RefusalsKeepTheirMeaning) {
  const Error limited =
      refusal("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(limited.kind, ErrorKind::rate_limited);
  EXPECT_EQ(limited.code, 429);
  EXPECT_EQ(limited.retry_after_s, 7);
  EXPECT_EQ(refusal("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").kind, ErrorKind::refused);
  EXPECT_EQ(refusal("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n").kind, ErrorKind::unavailable);
  EXPECT_FALSE(refusal("garbage that is no HTTP at all\r\n\r\n").message.empty());
  EXPECT_FALSE(refusal("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: forged\r\n\r\n")
                   .message.empty());
  EXPECT_FALSE(refusal("HTTP/1.1 101 " + std::string(200'000, 'x')).message.empty());
}

}  // namespace
}  // namespace vakthund::net
