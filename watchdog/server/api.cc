#include "watchdog/server/api.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <optional>

#include "watchdog/server/connection_watch.h"
#include "watchdog/server/routes.h"

namespace vakthund::server {
namespace {

namespace net = Poco::Net;

Poco::Timespan timespan(std::chrono::milliseconds duration) {
  return Poco::Timespan(std::chrono::microseconds(duration).count());
}

// What is left of a refused request is read, up to this much: a client that is still sending would
// otherwise see its connection reset instead of the answer.
constexpr std::size_t kDrained = 1 << 20;

void drain(net::HTTPServerRequest& request, net::StreamSocket& socket) {
  const bool has_body = request.hasContentLength() || request.getChunkedTransferEncoding();
  if (!has_body || request.getExpectContinue()) return;
  socket.shutdownSend();
  char piece[4096];
  for (std::size_t read = 0;
       read < kDrained && request.stream().read(piece, sizeof piece).gcount();) {
    read += static_cast<std::size_t>(request.stream().gcount());
  }
}

void send(const Reply& reply, bool head_only, net::HTTPServerResponse& response) {
  response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(reply.answer.http_status));
  response.setContentType(reply.answer.content_type);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Cache-Control", "no-store");
  response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  if (!reply.allow.empty()) response.set("Allow", reply.allow);
  if (reply.challenge) response.set("WWW-Authenticate", "Bearer realm=\"vakthund\"");
  if (reply.retry_after_s > 0) response.set("Retry-After", std::to_string(reply.retry_after_s));
  if (reply.close) response.setKeepAlive(false);
  response.setContentLength64(static_cast<Poco::Int64>(reply.answer.body.size()));
  std::ostream& out = response.send();
  if (!head_only) out << reply.answer.body;
  out.flush();
}

class Exchange : public net::HTTPRequestHandler {
 public:
  Exchange(Routes& routes, ConnectionWatch& watch, const Limits& limits)
      : routes_(routes), watch_(watch), limits_(limits) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    auto& socket = static_cast<net::HTTPServerRequestImpl&>(request).socket();
    watch_.expect(socket, limits_.request);
    Reply reply;
    try {
      reply = routes_.reply(request);
    } catch (const std::exception&) {
      reply.answer = error_answer(400, "the request could not be read");
      reply.close = true;
    }
    try {
      send(reply, request.getMethod() == net::HTTPRequest::HTTP_HEAD, response);
      if (reply.close) {
        watch_.expect(socket, limits_.keep_alive);
        drain(request, socket);
      }
    } catch (const std::exception&) {
      // The client is gone or too slow; there is nobody to tell.
      response.setKeepAlive(false);
    }
    watch_.expect(socket, limits_.head);
  }

 private:
  Routes& routes_;
  ConnectionWatch& watch_;
  const Limits& limits_;
};

class Exchanges : public net::HTTPRequestHandlerFactory {
 public:
  Exchanges(Routes& routes, ConnectionWatch& watch, const Limits& limits)
      : routes_(routes), watch_(watch), limits_(limits) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new Exchange(routes_, watch_, limits_);
  }

 private:
  Routes& routes_;
  ConnectionWatch& watch_;
  const Limits& limits_;
};

class Connection : public net::HTTPServerConnection {
 public:
  Connection(const net::StreamSocket& socket, net::HTTPServerParams::Ptr params,
             net::HTTPRequestHandlerFactory::Ptr exchanges, ConnectionWatch& watch,
             const Limits& limits)
      : HTTPServerConnection(socket, params, exchanges), watch_(watch), limits_(limits) {}

  void run() override {
    const net::StreamSocket mine = socket();
    watch_.expect(mine, limits_.head);
    try {
      HTTPServerConnection::run();
    } catch (const std::exception&) {
      // What could not be read as HTTP ends its connection and nothing else.
    }
    watch_.forget(mine);
  }

 private:
  ConnectionWatch& watch_;
  const Limits& limits_;
};

class Connections : public net::TCPServerConnectionFactory {
 public:
  Connections(net::HTTPServerParams::Ptr params, net::HTTPRequestHandlerFactory::Ptr exchanges,
              ConnectionWatch& watch, const Limits& limits)
      : params_(params), exchanges_(exchanges), watch_(watch), limits_(limits) {}
  net::TCPServerConnection* createConnection(const net::StreamSocket& socket) override {
    return new Connection(socket, params_, exchanges_, watch_, limits_);
  }

 private:
  net::HTTPServerParams::Ptr params_;
  net::HTTPRequestHandlerFactory::Ptr exchanges_;
  ConnectionWatch& watch_;
  const Limits& limits_;
};

net::HTTPServerParams::Ptr server_params(const Limits& limits) {
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(limits.threads);
  params->setMaxQueued(limits.queued);
  params->setThreadIdleTime(timespan(std::chrono::seconds(10)));
  params->setTimeout(timespan(limits.head));
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(timespan(limits.keep_alive));
  params->setMaxKeepAliveRequests(100);
  return params;
}

}  // namespace

class Api::Impl {
 public:
  Impl(const net::ServerSocket& socket, const Options& options, Backend backend)
      : limits_(options.limits),
        routes_(limits_, options.token, std::move(backend)),
        pool_("api", 2, std::max(limits_.threads, 2) + 1),
        port_(socket.address().port()) {
    const auto params = server_params(limits_);
    server_ = std::make_unique<net::TCPServer>(
        new Connections(params, new Exchanges(routes_, watch_, limits_), watch_, limits_), pool_,
        socket, params);
    server_->start();
  }
  ~Impl() {
    server_->stop();
    watch_.cut_all();
    pool_.joinAll();
  }

  std::uint16_t port() const { return port_; }
  Routes& routes() { return routes_; }

 private:
  const Limits limits_;
  Routes routes_;
  ConnectionWatch watch_;
  Poco::ThreadPool pool_;
  std::unique_ptr<net::TCPServer> server_;
  const std::uint16_t port_;
};

Result<std::unique_ptr<Api>> Api::start(const Options& options, Backend backend) {
  std::optional<net::SocketAddress> address;
  try {
    address.emplace(options.listen);
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::invalid,
                 "cannot listen on '" + options.listen + "': " + e.displayText());
  }
  try {
    net::ServerSocket socket;
    // Not the port of somebody who is still there: two daemons must not share it.
    socket.bind(*address, true, false);
    socket.listen(64);
    return std::unique_ptr<Api>(
        new Api(std::make_unique<Impl>(socket, options, std::move(backend))));
  } catch (const Poco::Exception& e) {
    return error(ErrorKind::unavailable,
                 "cannot listen on '" + options.listen + "': " + e.displayText());
  }
}

Api::Api(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Api::~Api() = default;
std::uint16_t Api::port() const { return impl_->port(); }
void Api::change_token(const std::string& token) { impl_->routes().change_token(token); }

}  // namespace vakthund::server
