#include "watchdog/bot/bot_http.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/URI.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "watchdog/bot/exact_json.h"

namespace vakthund::bot {
namespace {

using Poco::Net::HTTPClientSession;
using Clock = std::chrono::steady_clock;

Poco::Net::Context::Ptr tls_context(const std::string& ca_file) {
  Poco::Net::initializeSSL();
  Poco::Net::Context::Ptr context =
      new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "", ca_file,
                             Poco::Net::Context::VERIFY_STRICT, 9, ca_file.empty());
  context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  context->enableExtendedCertificateVerification(true);
  return context;
}

std::unique_ptr<HTTPClientSession> session_for(const Poco::URI& uri, const std::string& ca_file) {
  if (uri.getScheme() == "http") {
    return std::make_unique<HTTPClientSession>(uri.getHost(), uri.getPort());
  }
  return std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(),
                                                         tls_context(ca_file));
}

Error in_words(const std::string& url, ErrorKind kind, const Poco::Exception& e) {
  return error(kind, fmt::format("{}: {}", url, one_line(e.displayText(), 200)));
}

}  // namespace

Result<HttpAnswer> BotHttp::get(const std::string& url, const std::string& authorization) {
  return send("GET", url, authorization);
}

Result<HttpAnswer> BotHttp::post(const std::string& url, const std::string& authorization) {
  return send("POST", url, authorization);
}

Result<HttpAnswer> BotHttp::send(const char* method, const std::string& url,
                                 const std::string& authorization) {
  try {
    const Poco::URI uri(url);
    if ((uri.getScheme() != "http" && uri.getScheme() != "https") || uri.getHost().empty()) {
      return error(ErrorKind::invalid, fmt::format("\"{}\" is no http or https URL", url));
    }
    const auto session = session_for(uri, ca_file_);
    const Poco::Timespan timeout(kTimeout.count(), 0);
    session->setTimeout(timeout, timeout, timeout);
    const auto target = uri.getPathAndQuery();
    Poco::Net::HTTPRequest request(method, target.empty() ? "/" : target,
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.set("Accept", "application/json");
    request.set("User-Agent", "vakthund/" VAKTHUND_VERSION);
    if (!authorization.empty()) request.set("Authorization", authorization);
    if (request.getMethod() == Poco::Net::HTTPRequest::HTTP_POST) request.setContentLength(0);
    request.setKeepAlive(false);
    auto answer = converse(*session, request);
    if (!answer) return error(answer.error().kind, url + ": " + answer.error().message);
    return answer;
  } catch (const Poco::SyntaxException& e) {
    return in_words(url, ErrorKind::invalid, e);
  } catch (const Poco::FileException& e) {  // of the certificate authority
    return in_words(url, ErrorKind::invalid, e);
  } catch (const Poco::Net::SSLException& e) {
    return in_words(url, ErrorKind::refused, e);
  } catch (const Poco::Net::MessageException& e) {
    return in_words(url, ErrorKind::invalid, e);
  } catch (const Poco::TimeoutException&) {
    return error(ErrorKind::unavailable,
                 fmt::format("{}: no answer within {} s", url, kTimeout.count()));
  } catch (const Poco::Exception& e) {
    return in_words(url, ErrorKind::unavailable, e);
  }
}

Result<HttpAnswer> BotHttp::converse(HTTPClientSession& session, Poco::Net::HTTPRequest& request) {
  const auto interrupted = error(ErrorKind::unavailable, "interrupted: stopping");
  {
    const std::lock_guard lock(mutex_);
    if (interrupted_) return interrupted;
  }
  // The socket is published only while `session` lives: it is withdrawn before it is closed.
  struct Withdraw {
    BotHttp& self;
    ~Withdraw() {
      const std::lock_guard lock(self.mutex_);
      self.socket_ = -1;
    }
  } withdraw{*this};
  session.sendRequest(request);
  {
    const std::lock_guard lock(mutex_);
    if (interrupted_) return interrupted;
    socket_ = session.socket().impl()->sockfd();
  }
  Poco::Net::HTTPResponse response;
  std::istream& in = session.receiveResponse(response);
  HttpAnswer answer{response.getStatus(), {}};
  const auto deadline = Clock::now() + kTotalTimeout;
  std::array<char, 16384> piece{};
  while (in.good()) {
    in.read(piece.data(), piece.size());
    answer.body.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (answer.body.size() > kMaxBody) {
      return error(ErrorKind::invalid, fmt::format("the answer is larger than {} bytes", kMaxBody));
    }
    if (Clock::now() > deadline) {
      return error(ErrorKind::unavailable,
                   fmt::format("the answer took longer than {} s", kTotalTimeout.count()));
    }
  }
  if (session.networkException()) session.networkException()->rethrow();
  const auto announced = response.getContentLength64();
  if (response.hasContentLength() && answer.body.size() < static_cast<std::size_t>(announced)) {
    return error(ErrorKind::unavailable, "the connection broke inside the answer");
  }
  return answer;
}

void BotHttp::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace vakthund::bot
