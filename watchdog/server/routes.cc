#include "watchdog/server/routes.h"

#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

#include "watchdog/server/request_body.h"

namespace vakthund::server {
namespace {

struct Route {
  std::string_view path;
  std::string_view allow;
};
constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kPost = "POST";
constexpr std::array kRoutes = std::to_array<Route>({
    {"/-/healthy", kGet},
    {"/-/ready", kGet},
    {"/metrics", kGet},
    {"/-/reload", kPost},
    {"/api/v1/status", kGet},
    {"/api/v1/incidents", kGet},
    {"/api/v1/query", kGet},
    {"/api/v1/kill", kPost},
    {"/api/v1/rearm", kPost},
});

const Route* find(std::string_view path) {
  for (const Route& route : kRoutes) {
    if (route.path == path) return &route;
  }
  return nullptr;
}

bool is_read(const std::string& method) { return method == "GET" || method == "HEAD"; }

Reply refusal(int status, const std::string& message) {
  Reply reply;
  reply.answer = error_answer(status, message);
  reply.close = true;
  return reply;
}

// Nothing where the asker may go on.
std::optional<Reply> refuse(BearerToken::Verdict verdict) {
  using Verdict = BearerToken::Verdict;
  std::optional<Reply> reply;
  switch (verdict) {
    case Verdict::right:
      break;
    case Verdict::none:
      reply =
          refusal(403,
                  "no token is configured (server.token_file), so only /-/healthy, /-/ready and "
                  "/metrics answer");
      break;
    case Verdict::missing:
    case Verdict::wrong:
      reply =
          refusal(401, verdict == Verdict::wrong ? "this is not the token"
                                                 : "send the token as 'Authorization: Bearer …'");
      reply->challenge = true;
      break;
    case Verdict::too_many:
      reply = refusal(429, "too many wrong tokens");
      reply->retry_after_s = static_cast<int>(BearerToken::kRefill.count());
      break;
  }
  return reply;
}

// The first value of that name; empty: there is none.
std::string query_value(const std::string& uri, std::string_view name) {
  std::string_view query(uri);
  query.remove_prefix(std::min(uri.find('?'), uri.size() - 1) + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return std::string(pair.substr(equals + 1));
    }
  }
  return "";
}

// As a form writes it. Throws where it is not percent-encoding.
std::string decoded(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  std::string result;
  Poco::URI::decode(text, result);
  return result;
}

// Within what can be read; anything but a number is the usual width.
std::size_t columns_of(const std::string& text) {
  std::size_t columns = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return kColumns;
  return std::clamp(columns, kFewestColumns, kMostColumns);
}

}  // namespace

Answer Routes::get(const std::function<Answer()>& what) {
  return what ? calls_.run(what) : error_answer(503, "this is not served here");
}

// JSON unless a terminal asks for words: ?format=text or colour, and how wide it is.
Answer Routes::status(const std::string& uri) {
  const std::string format = query_value(uri, "format");
  if (format != "text" && format != "colour") return get(backend_.status);
  if (!backend_.status_text) return get(nullptr);
  const TextStyle style{format == "colour", columns_of(query_value(uri, "columns"))};
  return calls_.run([this, style] { return backend_.status_text(style); });
}

// ?sql=SELECT …&account=NAME, percent-encoded.
Answer Routes::query(const std::string& uri) {
  QueryRequest asked;
  asked.sql = decoded(query_value(uri, "sql"));
  asked.account = decoded(query_value(uri, "account"));
  if (asked.sql.empty()) return error_answer(400, "say what: ?sql=SELECT …, percent-encoded");
  if (!backend_.query) return get(nullptr);
  return calls_.run([this, asked] { return backend_.query(asked); });
}

Answer Routes::post(const std::string& path, const std::string& body) {
  // What is asked goes by value into the call, which may outlive this request.
  if (path == "/api/v1/kill") {
    const auto kill = read_kill(body);
    if (!kill) return error_answer(kill.error().code, kill.error().message);
    if (!backend_.kill) return get(nullptr);
    return calls_.run([this, asked = *kill] { return backend_.kill(asked); });
  }
  if (path == "/api/v1/rearm") {
    const auto rearm = read_rearm(body);
    if (!rearm) return error_answer(rearm.error().code, rearm.error().message);
    if (!backend_.rearm) return get(nullptr);
    return calls_.run([this, asked = *rearm] { return backend_.rearm(asked); });
  }
  return get(backend_.reload);
}

Reply Routes::reply(Poco::Net::HTTPServerRequest& request) {
  const std::string& method = request.getMethod();
  const std::string& uri = request.getURI();
  const std::string path = uri.substr(0, uri.find('?'));
  const bool open = is_read(method) && !path.starts_with("/api");
  if (!open) {
    const auto verdict =
        token_.judge(request.get("Authorization", ""), std::chrono::steady_clock::now());
    if (auto refused = refuse(verdict)) return *refused;
  }
  const Route* const route = find(path);
  if (!route)
    return refusal(404, "there is no such page; GET /api/v1/status says what is going on");
  if (route->allow != (is_read(method) ? kGet : kPost) || (!is_read(method) && method != "POST")) {
    Reply reply = refusal(405, fmt::format("{} answers {}", path, route->allow));
    reply.allow = route->allow;
    return reply;
  }
  Reply reply;
  if (!is_read(method)) {
    const auto body = read_body(request, limits_.body_bytes);
    if (!body) return refusal(body.error().code, body.error().message);
    reply.answer = post(path, *body);
    return reply;
  }
  // A body of a GET is not read, so it must not be taken for the next request.
  reply.close = request.hasContentLength() || request.getChunkedTransferEncoding();
  if (path == "/-/healthy") reply.answer = text_answer("ok\n");
  if (path == "/-/ready") reply.answer = get(backend_.ready);
  if (path == "/metrics") reply.answer = get(backend_.metrics_text);
  if (path == "/api/v1/status") reply.answer = status(uri);
  if (path == "/api/v1/query") reply.answer = query(uri);
  if (path == "/api/v1/incidents") reply.answer = get(backend_.incidents);
  return reply;
}

}  // namespace vakthund::server
