#include "watchdog/server/request_body.h"

#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/MediaType.h>
#include <Poco/String.h>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace vakthund::server {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxReason = 500;

Error bad(int code, std::string message) {
  return error(ErrorKind::invalid, std::move(message), code);
}

std::size_t count(const Poco::Net::HTTPServerRequest& request, const std::string& name) {
  return static_cast<std::size_t>(
      std::count_if(request.begin(), request.end(),
                    [&](const auto& header) { return Poco::icompare(header.first, name) == 0; }));
}

// Two ways of saying how long it is are how requests are smuggled past a proxy.
bool ambiguous(const Poco::Net::HTTPServerRequest& request) {
  const std::size_t lengths = count(request, "Content-Length");
  const std::size_t encodings = count(request, "Transfer-Encoding");
  if (lengths > 1 || encodings > 1 || (lengths == 1 && encodings == 1)) return true;
  return encodings == 1 && Poco::icompare(request.getTransferEncoding(), "chunked") != 0;
}

std::string printable(std::string_view text, std::size_t longest) {
  std::string result(text.substr(0, longest));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }, ' ');
  return result;
}

Result<json> read_object(std::string_view body, std::initializer_list<std::string_view> fields) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Result<json>(boost::system::in_place_value, json::object());
  json object = json::parse(body, nullptr, false);
  if (!object.is_object()) return bad(400, "the body is not a JSON object");
  for (const auto& [name, value] : object.items()) {
    if (std::find(fields.begin(), fields.end(), name) != fields.end()) continue;
    std::string valid;
    for (const auto field : fields)
      valid += fmt::format("{}'{}'", valid.empty() ? "" : ", ", field);
    return bad(400, fmt::format("unknown field '{}'; there are {}", printable(name, 40), valid));
  }
  return Result<json>(boost::system::in_place_value, std::move(object));
}

Result<std::string> read_account(const json& object) {
  const auto found = object.find("account");
  if (found == object.end()) return std::string();
  if (!found->is_string()) return bad(400, "'account' is not a string");
  const auto& name = found->get_ref<const std::string&>();
  if (name.empty() || name.size() > 32 ||
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos) {
    return bad(400, "'account' is not an account's name");
  }
  return name;
}

}  // namespace

Result<std::string> read_body(Poco::Net::HTTPServerRequest& request, std::size_t limit) {
  if (ambiguous(request)) return bad(400, "the body's length is told in more than one way");
  const bool chunked = request.getChunkedTransferEncoding();
  const auto length = request.hasContentLength() ? request.getContentLength64() : 0;
  if (length < 0) return bad(400, "the body's length is negative");
  if (!chunked && length == 0) return std::string();
  if (static_cast<std::uint64_t>(length) > limit) {
    return bad(413, fmt::format("the body is larger than {} bytes", limit));
  }
  if (!Poco::Net::MediaType(request.getContentType()).matches("application", "json")) {
    return bad(415, "the body must be application/json");
  }
  if (request.getExpectContinue()) request.response().sendContinue();
  std::string body(chunked ? limit + 1 : static_cast<std::size_t>(length), '\0');
  std::istream& stream = request.stream();
  stream.read(body.data(), static_cast<std::streamsize>(body.size()));
  const auto got = static_cast<std::size_t>(stream.gcount());
  if (stream.bad()) return bad(408, "the body did not arrive in time");
  if (chunked && got > limit) {
    return bad(413, fmt::format("the body is larger than {} bytes", limit));
  }
  if (!chunked && got < body.size()) return bad(400, "the body ended early");
  body.resize(got);
  return body;
}

Result<KillRequest> read_kill(std::string_view body) {
  const auto object = read_object(body, {"account", "reason"});
  if (!object) return object.error();
  const auto account = read_account(*object);
  if (!account) return account.error();
  KillRequest request{*account, {}};
  const auto reason = object->find("reason");
  if (reason == object->end()) return request;
  if (!reason->is_string()) return bad(400, "'reason' is not a string");
  const auto& text = reason->get_ref<const std::string&>();
  if (text.size() > kMaxReason) {
    return bad(400, fmt::format("'reason' is longer than {} bytes", kMaxReason));
  }
  request.reason = printable(text, kMaxReason);
  return request;
}

Result<RearmRequest> read_rearm(std::string_view body) {
  const auto object = read_object(body, {"account", "force"});
  if (!object) return object.error();
  const auto account = read_account(*object);
  if (!account) return account.error();
  RearmRequest request{*account, false};
  const auto force = object->find("force");
  if (force == object->end()) return request;
  if (!force->is_boolean()) return bad(400, "'force' is not true or false");
  request.force = force->get<bool>();
  return request;
}

}  // namespace vakthund::server
