#include "alerts/http_post.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <istream>
#include <ostream>
#include <sstream>
#include <system_error>

#include "alerts/http_meaning.h"
#include "alerts/lookup.h"

namespace vakthund::alerts {
namespace {

using Poco::Net::Context;
using Poco::Net::StreamSocket;

constexpr std::size_t kMaxReply = 64u << 10;
constexpr int kMaxFields = 100;

Poco::Timespan timespan(model::Duration duration) {
  return {0, std::chrono::duration_cast<std::chrono::microseconds>(duration).count()};
}

// Poco writes without MSG_NOSIGNAL: a peer that has gone would end the program.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

// nullopt: not connected within `at_most`, or interrupted. Throws when refused.
bool connect_to(StreamSocket& socket, const Poco::Net::SocketAddress& address,
                model::Duration at_most, Interruption& interruption) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  socket.connectNB(address);
  while (!socket.poll(timespan(std::chrono::milliseconds(50)),
                      Poco::Net::Socket::SELECT_WRITE | Poco::Net::Socket::SELECT_ERROR)) {
    if (interruption.fired() || std::chrono::steady_clock::now() >= deadline) return false;
  }
  if (const int failed = socket.impl()->socketError(); failed != 0) {
    throw Poco::Net::NetException(std::generic_category().message(failed), failed);
  }
  socket.setBlocking(true);
  return true;
}

std::string read_limited(std::istream& in) {
  std::string body(kMaxReply, '\0');
  in.read(body.data(), static_cast<std::streamsize>(body.size()));
  body.resize(static_cast<std::size_t>(in.gcount()));
  return body;
}

// Poco's enumeration of statuses ends at 511: a proxy's 522 is no value of it, and to read it as
// one is undefined. So the status is taken from the line as Poco writes it: "HTTP/1.1 522 Reason".
int status_of(const Poco::Net::HTTPResponse& response) {
  std::ostringstream line;
  response.write(line);
  std::string version;
  int status = 0;
  std::istringstream(line.str()) >> version >> status;
  return status;
}

}  // namespace

Result<HttpPost> HttpPost::create(HttpAddress address, const std::string& ca_file) {
  if (!address.tls) return HttpPost(std::move(address), nullptr);
  try {
    Context::Ptr context =
        new Context(Context::TLS_CLIENT_USE, ca_file, Context::VERIFY_STRICT, 9, ca_file.empty());
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    return HttpPost(std::move(address), std::move(context));
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::invalid, fmt::format("CA file {}: {}", ca_file, e.displayText()));
  }
}

StreamSocket HttpPost::connect(Interruption& interruption) const {
  const auto addresses = look_up(address_.host, address_.port, interruption);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const bool last = i + 1 == addresses.size();
    // A dead address (IPv6 without a route, say) must not use up the time of those behind it.
    const auto share = interruption.remaining() / static_cast<int>(addresses.size() - i);
    try {
      StreamSocket socket;
      if (!connect_to(socket, addresses[i], share, interruption)) continue;
      interruption.watch(socket.impl()->sockfd());
      socket.setReceiveTimeout(timespan(interruption.remaining()));
      socket.setSendTimeout(timespan(interruption.remaining()));
      if (!context_) return socket;
      return Poco::Net::SecureStreamSocket::attach(socket, address_.host, context_);
    } catch (const Poco::Exception&) {
      if (last || interruption.fired()) throw;
    }
  }
  throw Poco::TimeoutException("cannot connect");
}

Result<HttpReply> HttpPost::post(const std::string& target, const Headers& headers,
                                 const std::string& body, model::Duration patience,
                                 std::stop_token stop) const {
  using namespace Poco::Net;
  block_sigpipe();
  Interruption interruption(stop, patience);
  std::string what;
  try {
    HTTPClientSession session(connect(interruption));
    HTTPRequest request(HTTPRequest::HTTP_POST, target, HTTPMessage::HTTP_1_1);
    request.setHost(address_.host_header());
    request.set("User-Agent", "vakthund/" VAKTHUND_VERSION);
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    request.setKeepAlive(false);
    if (!address_.authorization.empty()) request.set("Authorization", address_.authorization);
    for (const auto& [name, value] : headers) request.set(name, value);
    session.sendRequest(request) << body << std::flush;
    HTTPResponse response;
    response.setFieldLimit(kMaxFields);
    std::istream& in = session.receiveResponse(response);
    // Poco takes a header that ends in mid-line for a whole one, also where we cut it off.
    if (interruption.fired()) throw Poco::TimeoutException();
    HttpReply reply{status_of(response), {}, read_limited(in)};
    if (response.has("Retry-After")) {
      const auto now =
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
      reply.retry_after = parse_retry_after(response.get("Retry-After"), now);
    }
    return reply;
  } catch (const Poco::Exception& e) {
    what = e.displayText();
  } catch (const std::exception& e) {
    what = e.what();
  }
  if (stop.stop_requested()) what = "stopped";
  if (interruption.fired() && !stop.stop_requested())
    what = "no answer in " + model::to_text(patience);
  return error(ErrorKind::unavailable, fmt::format("{}: {}", address_.shown(), what));
}

}  // namespace vakthund::alerts
