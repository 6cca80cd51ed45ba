#include "watchdog/demo/receiver.h"

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

namespace vakthund::demo {
namespace {

std::string signature(const std::string& secret, const std::string& body) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &length);
  std::string text = "sha256=";
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace

class Receiver::Factory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(Receiver& receiver) : receiver_(receiver) {}

  class Request : public Poco::Net::HTTPRequestHandler {
   public:
    explicit Request(Receiver& receiver) : receiver_(receiver) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
      std::string body;
      Poco::StreamCopier::copyToString(request.stream(), body);
      const bool genuine =
          request.get("X-Vakthund-Signature", "") == signature(receiver_.secret_, body);
      const auto alert = nlohmann::json::parse(body, nullptr, false);
      {
        const std::lock_guard lock(receiver_.mutex_);
        if (!genuine || !alert.is_object()) {
          ++receiver_.forged_;
        } else {
          receiver_.on_alert_(alert);
        }
      }
      response.setStatus(genuine ? Poco::Net::HTTPResponse::HTTP_NO_CONTENT
                                 : Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED);
      response.setContentLength(0);
      response.send();
    }

   private:
    Receiver& receiver_;
  };

  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new Request(receiver_);
  }

 private:
  Receiver& receiver_;
};

Receiver::Receiver(std::string secret, OnAlert on_alert)
    : secret_(std::move(secret)), on_alert_(std::move(on_alert)) {
  server_ = std::make_unique<Poco::Net::HTTPServer>(
      new Factory(*this), Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
      new Poco::Net::HTTPServerParams);
  server_->start();
}

Receiver::~Receiver() { server_->stopAll(true); }

std::string Receiver::url() const {
  return fmt::format("http://127.0.0.1:{}/alerts", server_->port());
}

int Receiver::forged() const {
  const std::lock_guard lock(mutex_);
  return forged_;
}

}  // namespace vakthund::demo
