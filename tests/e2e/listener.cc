#include "tests/e2e/listener.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace vakthund::e2e {

class Listener::Factory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(Listener& listener) : listener_(listener) {}

  class One : public Poco::Net::HTTPRequestHandler {
   public:
    explicit One(Listener& listener) : listener_(listener) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
      Seen seen;
      seen.path = request.getURI();
      for (const auto& [name, value] : request) seen.headers[name] = value;
      Poco::StreamCopier::copyToString(request.stream(), seen.body);
      {
        const std::lock_guard lock(listener_.mutex_);
        listener_.seen_.push_back(std::move(seen));
      }
      response.setContentType("application/json");
      response.sendBuffer(listener_.answer_.data(), listener_.answer_.size());
    }

   private:
    Listener& listener_;
  };

  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new One(listener_);
  }

 private:
  Listener& listener_;
};

Listener::Listener(int port, std::string answer) : answer_(std::move(answer)) {
  server_ =
      std::make_unique<Poco::Net::HTTPServer>(new Factory(*this),
                                              Poco::Net::ServerSocket(Poco::Net::SocketAddress(
                                                  "127.0.0.1", static_cast<Poco::UInt16>(port))),
                                              new Poco::Net::HTTPServerParams);
  server_->start();
}

Listener::~Listener() { server_->stopAll(true); }

std::vector<Listener::Seen> Listener::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::string signature(const std::string& secret, const std::string& body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &length);
  std::string text = "sha256=";
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace vakthund::e2e
