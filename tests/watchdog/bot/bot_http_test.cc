#include "watchdog/bot/bot_http.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "watchdog/net/server.h"

namespace vakthund::bot {
namespace {

using net::TlsIdentity;

// An HTTPS server with this identity on a thread of its own.
class SecureServer {
 public:
  explicit SecureServer(TlsIdentity identity) {
    std::string name = (std::filesystem::temp_directory_path() / "vakthund-tls-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    directory_ = name;
    std::ofstream(ca_file()) << identity.ca_pem;
    net::Server::Options options;
    options.tls = std::move(identity);
    net::Server::Handler handler;
    handler.on_request = [](net::HttpRequest request, net::Responder responder) {
      net::HttpResponse response;
      response.status = 200;
      response.body = request.target;
      responder.send(std::move(response));
    };
    server_ = *net::Server::listen(loop_, options, std::move(handler));
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~SecureServer() {
    loop_.stop();
    thread_.join();
    server_.reset();
    std::filesystem::remove_all(directory_);
  }
  std::string ca_file() const { return (directory_ / "ca.pem").string(); }
  std::string url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(server_->port()) + "/health?a=b";
  }

 private:
  std::filesystem::path directory_;
  net::Loop loop_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

TEST(BotHttp, TrustsACertificateOfTheGivenAuthority) {
  const SecureServer server(*TlsIdentity::self_made({"localhost", "127.0.0.1"}));
  BotHttp http(server.ca_file());
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const auto answer = http.get(server.url(host));
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "/health?a=b");
  }
}

TEST(BotHttp, RefusesAnUnknownAuthorityAnotherNameAndAnExpiredCertificate) {
  const SecureServer good(*TlsIdentity::self_made({"localhost"}));
  const SecureServer other(*TlsIdentity::self_made({"example.org"}));
  const SecureServer expired(*TlsIdentity::self_made_expired({"localhost"}));
  for (const auto& answer :
       {BotHttp("").get(good.url("localhost")), BotHttp(other.ca_file()).get(good.url("localhost")),
        BotHttp(other.ca_file()).get(other.url("localhost")),
        BotHttp(expired.ca_file()).get(expired.url("localhost"))}) {
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, ErrorKind::refused) << answer.error().message;
    EXPECT_EQ(answer.error().message.find('\n'), std::string::npos);
  }
}

TEST(BotHttp, ReportsACaFileThatCannotBeRead) {
  const SecureServer server(*TlsIdentity::self_made({"localhost"}));
  const auto answer = BotHttp("/nonexistent/ca.pem").get(server.url("localhost"));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::invalid) << answer.error().message;
}

}  // namespace
}  // namespace vakthund::bot
