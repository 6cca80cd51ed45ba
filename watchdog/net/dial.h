// Opening one connection: resolve, connect (one address after the other), TLS.
//
// Limits: kConnectLimit per address when there are several, kLookupLimit for a name whose addresses
// are known from before; the whole is the caller's to limit with abort().
// Threads: the loop's. `run` keeps its Dial alive; abort() makes it end soon.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "watchdog/net/byte_stream.h"
#include "watchdog/net/host_name.h"
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
  static constexpr std::chrono::seconds kConnectLimit{2};
  static constexpr std::chrono::seconds kLookupLimit{1};
  static constexpr std::chrono::seconds kWholeLimit{10};  // far beyond any caller's
  using Address = asio::ip::tcp::endpoint;
  using Addresses = std::vector<Address>;

  static asio::awaitable<Result<Addresses>> look_up(std::shared_ptr<Dial> self);
  static asio::awaitable<error_code> connect_any(std::shared_ptr<Dial> self, Addresses addresses);
  static asio::awaitable<error_code> connect(std::shared_ptr<Dial> self, Socket::endpoint_type to,
                                             model::Duration limit);
  static asio::awaitable<Result<Stream>> secure(std::shared_ptr<Dial> self);
  Result<Addresses> from_local_address(Addresses addresses) const;
  error_code bind_local(const Socket::endpoint_type& to);
  Error failed(std::string_view what, error_code why) const;

  const Endpoint endpoint_;
  const Result<TlsContext> tls_;
  const std::string name_;
  const std::shared_ptr<HostName> host_;  // null: a Unix socket
  const std::shared_ptr<asio::steady_timer> looked_up_;
  Socket socket_;
  Stream* securing_ = nullptr;  // in secure's frame, while the handshake is under way
  Timer connect_limit_;
  const char* phase_ = "looking up the name";
  bool aborted_ = false;
};

}  // namespace vakthund::net
