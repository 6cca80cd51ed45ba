#include "watchdog/server/client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <fmt/format.h>

namespace vakthund::server {
namespace {

const Poco::Timespan kTimeout(10, 0);
constexpr std::size_t kMaxAnswer = 16u << 20;

// Where to reach a server that listens on every address.
Poco::Net::SocketAddress reachable(const std::string& listen) {
  const Poco::Net::SocketAddress address(listen);
  if (!address.host().isWildcard()) return address;
  return {address.host().family() == Poco::Net::IPAddress::IPv6 ? "::1" : "127.0.0.1",
          address.port()};
}

std::string read_all(std::istream& in) {
  std::string text;
  char buffer[8192];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxAnswer) break;
  }
  return text;
}

}  // namespace

Result<nlohmann::json> Client::get(const std::string& path) const {
  return read(send(Poco::Net::HTTPRequest::HTTP_GET, path, ""));
}

Result<std::string> Client::get_text(const std::string& path) const {
  const auto reply = send(Poco::Net::HTTPRequest::HTTP_GET, path, "");
  if (reply.has_error()) return reply.error();
  if (reply->status == 200) return reply->body;
  const auto refused = read(reply);
  return refused.has_error() ? refused.error()
                             : error(ErrorKind::invalid, "unexpected answer", reply->status);
}

Result<nlohmann::json> Client::post(const std::string& path, const nlohmann::json& body) const {
  return read(send(Poco::Net::HTTPRequest::HTTP_POST, path, body.dump()));
}

// JSON of a 2xx, or what the daemon's refusal means.
Result<nlohmann::json> Client::read(const Result<Reply>& reply) const {
  if (reply.has_error()) return reply.error();
  const int status = reply->status;
  const auto document = nlohmann::json::parse(reply->body, nullptr, false);
  if (document.is_discarded()) {
    return error(
        ErrorKind::invalid,
        fmt::format("{} answered HTTP {} without JSON: is it Vakthund's address?", listen_, status),
        status);
  }
  if (status >= 200 && status < 300) return {boost::system::in_place_value, document};
  const std::string why = document.is_object() ? document.value("error", reply->body) : reply->body;
  return error(status == 401 || status == 403 ? ErrorKind::refused : ErrorKind::invalid,
               fmt::format("the daemon at {} refuses: {}", listen_, why), status);
}

Result<Client::Reply> Client::send(const std::string& method, const std::string& path,
                                   const std::string& body) const {
  try {
    Poco::Net::HTTPClientSession session(reachable(listen_));
    session.setTimeout(kTimeout);
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!token_.empty()) request.set("Authorization", "Bearer " + token_);
    if (!body.empty()) {
      request.setContentType("application/json");
      request.setContentLength(static_cast<std::streamsize>(body.size()));
    }
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Reply reply;
    reply.body = read_all(session.receiveResponse(response));
    reply.status = response.getStatus();
    return reply;
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::unavailable,
                 fmt::format("no daemon answers at {} ({}): is `vakthund "
                             "run` running with this configuration?",
                             listen_, e.message().empty() ? e.name() : e.message()));
  }
}

}  // namespace vakthund::server
