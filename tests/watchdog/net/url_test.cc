#include "watchdog/net/http_client.h"

#include <gtest/gtest.h>

namespace vakthund::net {
namespace {

using Kind = Endpoint::Kind;

struct Expected {
  const char* text;
  Kind kind;
  const char* host;
  const char* port;
  const char* path;
};

TEST(Url, IsReadInAllItsForms) {
  const Expected all[] = {
      {"https://fapi.example", Kind::tls, "fapi.example", "443", ""},
      {"https://fapi.example/", Kind::tls, "fapi.example", "443", ""},
      {"https://fapi.example:8443/a/b/", Kind::tls, "fapi.example", "8443", "/a/b"},
      {"http://localhost:80", Kind::tcp, "localhost", "80", ""},
      {"wss://ws.example/private", Kind::tls, "ws.example", "443", "/private"},
      {"ws://127.0.0.1:9000/x", Kind::tcp, "127.0.0.1", "9000", "/x"},
      {"http://[::1]:8080/y", Kind::tcp, "::1", "8080", "/y"},
      {"https://[2001:db8::1]", Kind::tls, "2001:db8::1", "443", ""},
      {"unix:///run/docker.sock", Kind::unix_socket, "/run/docker.sock", "", ""},
  };
  for (const auto& expected : all) {
    const auto url = Url::parse(expected.text);
    ASSERT_TRUE(url) << expected.text;
    EXPECT_EQ(url->endpoint.kind, expected.kind) << expected.text;
    EXPECT_EQ(url->endpoint.host, expected.host) << expected.text;
    EXPECT_EQ(url->endpoint.port, expected.port) << expected.text;
    EXPECT_EQ(url->path, expected.path) << expected.text;
  }
}

TEST(Url, IsRefusedWhenAnyPartIsWrong) {
  for (const char* text : {"",
                           "fapi.example",
                           "ftp://fapi.example",
                           "https://",
                           "https:///x",
                           "https://a b",
                           "https://a\nb",
                           "https://host:",
                           "https://host:0",
                           "https://host:65536",
                           "https://host:8x",
                           "https://host:-1",
                           "https://host:+1",
                           "https://[::1",
                           "https://[]",
                           "https://[::1]x",
                           "https://host/?q=1",
                           "https://host/#f",
                           "https://host?q",
                           "unix://run/x",
                           "unix://",
                           "https://host:99999999999999999999",
                           "https://h\x80st"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::invalid) << text;
  }
  EXPECT_FALSE(Url::parse("https://" + std::string(3000, 'a')));
  EXPECT_FALSE(Url::parse("unix:///" + std::string(200, 'a')));
}

TEST(Url, NeverRepeatsAPasswordInItsComplaint) {
  const auto url = Url::parse("https://me:hunter2@host");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace vakthund::net
