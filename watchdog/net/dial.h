// Opening one connection: resolve, connect (one address after the other), TLS.
//
// Limits: kConnectLimit per address; the whole is the caller's to limit with abort().
// Threads: the loop's. `run` keeps its Dial alive; abort() makes it end soon, except that a name
// lookup under way ends in its own time (nobody needs to wait for `run`).
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "watchdog/net/byte_stream.h"
#include "watchdog/net/http_client.h"
#include "watchdog/net/tls.h"

namespace vakthund::net {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// For co_spawn: what a callback throws is a programmer error and must not be lost.
struct PassOn {
  void operator()(const std::exception_ptr& thrown) const {
    if (thrown) std::rethrow_exception(thrown);
  }
};

class Dial {
 public:
  // For messages: "host:port" or the socket's path.
  static std::string name_of(const Endpoint& endpoint);

  Dial(Loop& loop, Endpoint endpoint, Result<TlsContext> tls);
  static asio::awaitable<Result<Stream>> run(std::shared_ptr<Dial> self);
  void abort();
  // What it is doing: "looking up the name", "connecting", "in the TLS handshake".
  const char* phase() const { return phase_; }

 private:
  static constexpr std::chrono::seconds kConnectLimit{4};
  using Addresses = std::vector<Socket::endpoint_type>;

  static asio::awaitable<Result<Addresses>> resolve(std::shared_ptr<Dial> self);
  static asio::awaitable<error_code> connect(std::shared_ptr<Dial> self,
                                             Socket::endpoint_type address);
  static asio::awaitable<Result<Stream>> secure(std::shared_ptr<Dial> self);
  Result<Addresses> from_local_address(Addresses addresses) const;
  error_code bind_local(const Socket::endpoint_type& remote);
  Error failed(std::string_view what, error_code why) const;

  const Endpoint endpoint_;
  const Result<TlsContext> tls_;
  const std::string name_;
  asio::ip::tcp::resolver resolver_;
  Socket socket_;
  Stream* securing_ = nullptr;  // in secure's frame, while the handshake is under way
  Timer connect_limit_;
  const char* phase_ = "looking up the name";
  bool aborted_ = false;
};

}  // namespace vakthund::net
