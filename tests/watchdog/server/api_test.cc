#include "watchdog/server/api.h"

#include <fmt/format.h>

#include "tests/watchdog/server/an_api.h"

namespace vakthund::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class ApiRoutes : public ApiTest {};

TEST_F(ApiRoutes, OpenPagesAnswerWithoutAToken) {
  start();
  const Got healthy = ask("GET", "/-/healthy", "", "");
  EXPECT_EQ(healthy.status, 200);
  EXPECT_EQ(healthy.body, "ok\n");
  const Got ready = ask("GET", "/-/ready", "", "");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "stale: positions\n");
  EXPECT_EQ(ask("GET", "/metrics?x=1", "", "").body, "vakthund_mode 0\n");
  const Got head = ask("HEAD", "/metrics", "", "");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.head.getContentLength(), 16);
}

TEST_F(ApiRoutes, EverythingElseNeedsTheToken) {
  start();
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"GET", "/api/v1/status"},
                                                        {"GET", "/api/v1/incidents"},
                                                        {"POST", "/api/v1/kill"},
                                                        {"POST", "/api/v1/rearm"},
                                                        {"POST", "/-/reload"},
                                                        {"GET", "/api/v1/nothing"},
                                                        {"GET", "/api"},
                                                        {"POST", "/-/healthy"},
                                                        {"DELETE", "/api/v1/status"}}) {
    const Got without = ask(method, path, "", "");
    EXPECT_EQ(without.status, 401) << method << path;
    EXPECT_EQ(without.head.get("WWW-Authenticate", ""), "Bearer realm=\"vakthund\"");
    EXPECT_EQ(without.error(), "send the token as 'Authorization: Bearer …'");
    const Got wrong = ask(method, path, "", std::string(kToken).substr(1) + "0");
    EXPECT_EQ(wrong.status, 401) << method << path;
    EXPECT_EQ(wrong.error(), "this is not the token");
  }
  EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(ApiRoutes, ReachTheBackendWithTheToken) {
  start();
  EXPECT_EQ(ask("GET", "/api/v1/status").body, R"({"is":"status"})");
  EXPECT_EQ(ask("GET", "/api/v1/incidents").body, R"({"is":"incidents"})");
  EXPECT_EQ(ask("POST", "/-/reload").body, R"({"is":"reload"})");
  EXPECT_EQ(ask("POST", "/api/v1/kill").status, 202);
  EXPECT_EQ(ask("POST", "/api/v1/kill", R"({"account":"main","reason":"a\u001b[2J\nb"})").status,
            202);
  EXPECT_EQ(ask("POST", "/api/v1/rearm", R"({"account":"main","force":true})").status, 200);
  EXPECT_EQ(ask("POST", "/api/v1/rearm", " {} ").status, 200);
  EXPECT_THAT(asked(), ElementsAre("status", "incidents", "reload",
                                   "kill account= reason=", "kill account=main reason=a [2J b",
                                   "rearm account=main force", "rearm account="));
}

TEST_F(ApiRoutes, GiveTheStatusInWordsWhereATerminalAsks) {
  backend_.status_text = [](const TextStyle& style) {
    return text_answer(fmt::format("{} {}\n", style.colour ? "colour" : "plain", style.columns));
  };
  start();
  EXPECT_EQ(ask("GET", "/api/v1/status?format=text").body, "plain 100\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=colour").body, "colour 100\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=text&columns=80").body, "plain 80\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?columns=9999&format=text").body, "plain 200\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=text&columns=-1").body, "plain 100\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=text&columns=").body, "plain 100\n");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=other").body, R"({"is":"status"})");
  EXPECT_EQ(ask("GET", "/api/v1/status?format=text", "", "").status, 401);
}

TEST_F(ApiRoutes, AcceptTheSchemeInAnyCaseAndNoOther) {
  start();
  const std::string token(kToken);
  const auto status = [&](const std::string& value) {
    return raw("GET /api/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " +
               value + "\r\n\r\n");
  };
  EXPECT_THAT(status("bEARER " + token), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(status("Basic " + token), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(status("Bearer"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(status("Bearer " + token + "x"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(status(token), StartsWith("HTTP/1.1 401"));
}

TEST_F(ApiRoutes, SayClearlyThatNoTokenIsConfigured) {
  options_.token = "";
  start();
  EXPECT_EQ(ask("GET", "/-/healthy", "", "").status, 200);
  for (const std::string token : {"", "x"}) {
    const Got got = ask("GET", "/api/v1/status", "", token);
    EXPECT_EQ(got.status, 403);
    EXPECT_THAT(got.error(), HasSubstr("no token is configured (server.token_file)"));
    EXPECT_EQ(ask("POST", "/api/v1/kill", "", token).status, 403);
  }
  EXPECT_THAT(raw("GET /api/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
                  "Bearer \r\n\r\n"),
              StartsWith("HTTP/1.1 403"));
}

TEST_F(ApiRoutes, FollowAChangedToken) {
  start();
  api_->change_token("another-token-of-length");
  EXPECT_EQ(ask("GET", "/api/v1/status").status, 401);
  EXPECT_EQ(ask("GET", "/api/v1/status", "", "another-token-of-length").status, 200);
}

TEST_F(ApiRoutes, SlowDownGuessingAndNeverTheRightToken) {
  options_.limits.wrong_tokens = 3;
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("GET", "/api/v1/status", "", "guess").status, 401);
  const Got got = ask("GET", "/api/v1/status", "", "guess");
  EXPECT_EQ(got.status, 429);
  EXPECT_EQ(got.head.get("Retry-After", ""), "6");
  EXPECT_EQ(got.error(), "too many wrong tokens");
  EXPECT_EQ(ask("GET", "/api/v1/status").status, 200);
}

TEST_F(ApiRoutes, NameTheMethodsOfAPage) {
  start();
  for (const auto& [method, path, allow] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"POST", "/metrics", "GET, HEAD"},
           {"PUT", "/api/v1/status", "GET, HEAD"},
           {"GET", "/api/v1/kill", "POST"},
           {"DELETE", "/api/v1/kill", "POST"},
           {"OPTIONS", "/api/v1/rearm", "POST"}}) {
    const Got got = ask(method, path);
    EXPECT_EQ(got.status, 405) << method << path;
    EXPECT_EQ(got.head.get("Allow", ""), allow);
    EXPECT_EQ(got.error(), path + " answers " + allow);
  }
  EXPECT_EQ(ask("GET", "/-/reload", "", "").status, 405);
  EXPECT_EQ(ask("GET", "/", "", "").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/killl").status, 404);
  EXPECT_EQ(ask("GET", "/api/v1/status/").status, 404);
  EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(ApiRoutes, SetTheHeadersThatProtectBrowsersAndNoCors) {
  start();
  for (const Got& got :
       {ask("GET", "/-/healthy"), ask("GET", "/nothing"), ask("GET", "/api/v1/status")}) {
    EXPECT_EQ(got.head.get("X-Content-Type-Options", ""), "nosniff");
    EXPECT_EQ(got.head.get("Cache-Control", ""), "no-store");
    EXPECT_EQ(got.head.get("X-Frame-Options", ""), "DENY");
    EXPECT_THAT(got.head.get("Content-Security-Policy", ""), StartsWith("default-src 'none'"));
    EXPECT_FALSE(got.head.has("Access-Control-Allow-Origin"));
  }
  EXPECT_EQ(ask("GET", "/api/v1/status").head.getContentType(), "application/json");
}

class ApiBodies : public ApiTest {};

TEST_F(ApiBodies, AMisspeltFieldDoesNotBecomeAKillOfAll) {
  start();
  for (const auto& [body, error] : std::vector<std::pair<std::string, std::string>>{
           {R"({"acount":"main"})", "unknown field 'acount'; there are 'account', 'reason'"},
           {R"({"account":5})", "'account' is not a string"},
           {R"({"account":""})", "'account' is not an account's name"},
           {R"({"account":"MAIN"})", "'account' is not an account's name"},
           {R"({"reason":[]})", "'reason' is not a string"},
           {R"({"reason":")" + std::string(501, 'x') + "\"}", "'reason' is longer than 500 bytes"},
           {"[]", "the body is not a JSON object"},
           {"{\"account\":", "the body is not a JSON object"},
           {"\xFF", "the body is not a JSON object"},
           {std::string(60000, '['), "the body is not a JSON object"},
       }) {
    const Got got = ask("POST", "/api/v1/kill", body);
    EXPECT_EQ(got.status, 400) << body;
    EXPECT_EQ(got.error(), error);
  }
  EXPECT_EQ(ask("POST", "/api/v1/rearm", R"({"force":"yes"})").error(),
            "'force' is not true or false");
  EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(ApiBodies, ATooLargeOneIsRefused) {
  start();
  const Got got = ask("POST", "/api/v1/kill", std::string((64 << 10) + 1, ' '));
  EXPECT_EQ(got.status, 413);
  EXPECT_EQ(got.error(), "the body is larger than 65536 bytes");
  EXPECT_EQ(ask("POST", "/api/v1/kill", std::string(300'000, ' ')).status, 413);
  EXPECT_EQ(ask("POST", "/api/v1/kill", std::string(64 << 10, ' ')).status, 202);
  const std::string piece = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
  EXPECT_THAT(
      raw("POST /api/v1/kill HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
          "Content-Type: application/json\r\nAuthorization: Bearer " +
          std::string(kToken) + "\r\n\r\n" + piece + piece + piece + piece + piece + "0\r\n\r\n"),
      StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(asked(), ElementsAre("kill account= reason="));
}

TEST_F(ApiBodies, OfAnotherTypeIsRefused) {
  start();
  EXPECT_EQ(ask("POST", "/api/v1/kill", "a=b", kToken, "application/x-www-form-urlencoded").status,
            415);
  EXPECT_EQ(ask("POST", "/api/v1/kill", "{}", kToken, "").status, 415);
  EXPECT_EQ(ask("POST", "/api/v1/kill", "{}", kToken, "application/json; charset=utf-8").status,
            202);
}

TEST_F(ApiBodies, ThatCouldBeReadInTwoWaysAreRefused) {
  start();
  const auto kill = [&](const std::string& headers, const std::string& body) {
    return raw(
        "POST /api/v1/kill HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer " +
        std::string(kToken) + "\r\n" + headers + "\r\n" + body);
  };
  EXPECT_THAT(kill("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(kill("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(kill("Transfer-Encoding: gzip\r\nConnection: close\r\n", ""),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(kill("Content-Length: -1\r\n", ""), Not(HasSubstr(" 202 ")));
  EXPECT_THAT(kill("Content-Length: x\r\n", ""), Not(HasSubstr(" 202 ")));
  EXPECT_THAT(kill("Content-Length: 99999999999999999999\r\n", ""), Not(HasSubstr(" 202 ")));
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_THAT(kill("Transfer-Encoding: chunked\r\nConnection: close\r\n", "2\r\n{}\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(kill("Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n", "{}"),
              StartsWith("HTTP/1.1 100"));
  EXPECT_EQ(asked().size(), 2u);
}

TEST_F(ApiBodies, ARefusedBodyIsNotTakenForTheNextRequest) {
  start();
  const std::string smuggled = "POST /-/reload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                               std::string(kToken) + "\r\n\r\n";
  const std::string answer = raw("POST /api/v1/kill HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                 std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(raw("GET /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                  std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(asked(), IsEmpty());
}

}  // namespace
}  // namespace vakthund::server
