// Servers on 127.0.0.1 and a port of their own: one that speaks HTTP (over TLS where it is given a
// certificate), and one that does to a connection whatever a test likes.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

#include <functional>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace vakthund::alerts {

struct SeenRequest {
  std::string method;
  std::string target;
  std::string body;
  std::string signature;
  std::string key;
  std::string content_type;
  std::string authorization;
};

struct CannedReply {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

class LocalServer {
 public:
  using Answer = std::function<CannedReply(const SeenRequest&)>;

  explicit LocalServer(Answer answer, Poco::Net::Context::Ptr tls = nullptr)
      : answer_(std::move(answer)), tls_(tls) {
    const Poco::Net::SocketAddress anywhere("127.0.0.1", 0);
    Poco::Net::ServerSocket socket =
        tls ? Poco::Net::SecureServerSocket(anywhere, 64, tls) : Poco::Net::ServerSocket(anywhere);
    port_ = socket.address().port();
    auto* parameters = new Poco::Net::HTTPServerParams;
    parameters->setKeepAlive(false);
    server_ = std::make_unique<Poco::Net::HTTPServer>(new Factory(*this), socket, parameters);
    server_->start();
  }
  ~LocalServer() { server_->stopAll(true); }

  int port() const { return port_; }
  std::string url(const std::string& path = "/hook", const std::string& host = "127.0.0.1") const {
    return fmt::format("{}://{}:{}{}", tls_ ? "https" : "http", host, port_, path);
  }
  std::vector<SeenRequest> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  class Handler : public Poco::Net::HTTPRequestHandler {
   public:
    explicit Handler(LocalServer& server) : server_(server) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
      SeenRequest seen{request.getMethod(), request.getURI(), "", "", "", "", ""};
      Poco::StreamCopier::copyToString(request.stream(), seen.body);
      seen.signature = request.get("X-Vakthund-Signature", "");
      seen.key = request.get("Idempotency-Key", "");
      seen.content_type = request.getContentType();
      seen.authorization = request.get("Authorization", "");
      const CannedReply reply = server_.answer_(seen);
      {
        const std::lock_guard lock(server_.mutex_);
        server_.seen_.push_back(seen);
      }
      response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
      for (const auto& [name, value] : reply.headers) response.set(name, value);
      response.setContentLength(static_cast<std::streamsize>(reply.body.size()));
      response.send() << reply.body;
    }

   private:
    LocalServer& server_;
  };
  class Factory : public Poco::Net::HTTPRequestHandlerFactory {
   public:
    explicit Factory(LocalServer& server) : server_(server) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
      return new Handler(server_);
    }

   private:
    LocalServer& server_;
  };

  Answer answer_;
  Poco::Net::Context::Ptr tls_;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
};

// Accepts one connection after the other and hands each to `behave`, until destroyed. `behave`
// must return once its socket is shut down by the other side.
class RudeServer {
 public:
  explicit RudeServer(std::function<void(Poco::Net::StreamSocket&)> behave)
      : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)),
        thread_([this, behave = std::move(behave)](std::stop_token stop) {
          while (!stop.stop_requested()) {
            if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
            try {
              Poco::Net::StreamSocket connection = socket_.acceptConnection();
              behave(connection);
            } catch (const Poco::Exception&) {
              continue;  // the client went away, as it may
            }
          }
        }) {}

  std::string url() const {
    return fmt::format("http://127.0.0.1:{}/hook", socket_.address().port());
  }
  int port() const { return socket_.address().port(); }

 private:
  Poco::Net::ServerSocket socket_;
  std::jthread thread_;
};

// Reads until the other side has ended the connection.
inline void drain(Poco::Net::StreamSocket& socket) {
  char buffer[4096];
  while (socket.receiveBytes(buffer, sizeof buffer) > 0) continue;
}

}  // namespace vakthund::alerts
