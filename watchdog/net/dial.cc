#include "watchdog/net/dial.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "watchdog/net/loop_impl.h"

namespace vakthund::net {
namespace {

using asio::ip::tcp;

bool same_family(const Socket::endpoint_type& a, const Socket::endpoint_type& b) {
  return a.protocol().family() == b.protocol().family();
}

}  // namespace

std::string Dial::name_of(const Endpoint& endpoint) {
  return endpoint.kind == Endpoint::Kind::unix_socket ? endpoint.host
                                                      : endpoint.host + ":" + endpoint.port;
}

Dial::Dial(Loop& loop, Endpoint endpoint, Result<TlsContext> tls)
    : endpoint_(std::move(endpoint)),
      tls_(std::move(tls)),
      name_(name_of(endpoint_)),
      resolver_(io_of(loop)),
      socket_(io_of(loop)),
      connect_limit_(loop) {}

void Dial::abort() {
  aborted_ = true;
  connect_limit_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  if (securing_ != nullptr) securing_->close();
}

Error Dial::failed(std::string_view what, error_code why) const {
  return error(ErrorKind::unavailable, fmt::format("{} {}: {}", what, name_, why.message()));
}

asio::awaitable<Result<Dial::Addresses>> Dial::resolve(std::shared_ptr<Dial> self) {
  const Endpoint& endpoint = self->endpoint_;
  if (endpoint.kind == Endpoint::Kind::unix_socket) {
    if (endpoint.host.size() > 107) {
      co_return error(ErrorKind::unavailable,
                      fmt::format("the path {} is too long for a Unix socket", endpoint.host));
    }
    co_return Addresses{asio::local::stream_protocol::endpoint(endpoint.host)};
  }
  // Addresses and numeric ports are never asked of the resolver's thread.
  auto [failed, found] = co_await self->resolver_.async_resolve(
      endpoint.host, endpoint.port, tcp::resolver::numeric_service, kAwait);
  if (failed) co_return self->failed("cannot look up", failed);
  Addresses addresses;
  for (const auto& entry : found) addresses.emplace_back(entry.endpoint());
  co_return self->from_local_address(std::move(addresses));
}

Result<Dial::Addresses> Dial::from_local_address(Addresses addresses) const {
  if (endpoint_.bind_address.empty()) return addresses;
  error_code failed;
  const auto local = asio::ip::make_address(endpoint_.bind_address, failed);
  if (failed) {
    return error(ErrorKind::unavailable,
                 fmt::format("bind_address {} is not an IP address", endpoint_.bind_address));
  }
  const Socket::endpoint_type from = tcp::endpoint(local, 0);
  std::erase_if(addresses, [&from](const auto& to) { return !same_family(from, to); });
  if (!addresses.empty()) return addresses;
  return error(ErrorKind::unavailable,
               fmt::format("{} has no address of the family of bind_address {}", name_,
                           endpoint_.bind_address));
}

error_code Dial::bind_local(const Socket::endpoint_type& remote) {
  error_code failed;
  socket_.open(remote.protocol(), failed);
  if (failed || endpoint_.kind == Endpoint::Kind::unix_socket) return failed;
  // One small message at a time, each waited for: never held back for a fuller packet.
  socket_.set_option(tcp::no_delay(true), failed);
  if (!failed && !endpoint_.bind_address.empty()) {
    socket_.bind(tcp::endpoint(asio::ip::make_address(endpoint_.bind_address, failed), 0), failed);
  }
  return failed;
}

asio::awaitable<error_code> Dial::connect(std::shared_ptr<Dial> self,
                                          Socket::endpoint_type address) {
  error_code ignored;
  self->socket_.close(ignored);
  if (const error_code failed = self->bind_local(address)) co_return failed;
  bool late = false;
  self->connect_limit_.after(kConnectLimit, [dial = self.get(), &late] {
    late = true;
    error_code unused;
    dial->socket_.close(unused);
  });
  auto [failed] = co_await self->socket_.async_connect(address, kAwait);
  self->connect_limit_.cancel();
  co_return late ? error_code(asio::error::timed_out) : failed;
}

asio::awaitable<Result<Stream>> Dial::secure(std::shared_ptr<Dial> self) {
  self->phase_ = "in the TLS handshake";
  Stream stream(tls_stream(std::move(self->socket_), *self->tls_));
  self->securing_ = &stream;
  expect_host(stream.bytes().ssl(), self->endpoint_.host);
  auto [failed, unused] = co_await stream.async_handshake(boost::beast::role_type::client, kAwait);
  self->securing_ = nullptr;
  if (failed) co_return handshake_error(stream.bytes().ssl(), self->name_, failed);
  co_return stream;
}

asio::awaitable<Result<Stream>> Dial::run(std::shared_ptr<Dial> self) {
  if (!self->tls_) co_return self->tls_.error();
  auto addresses = co_await resolve(self);
  if (!addresses) co_return addresses.error();
  self->phase_ = "connecting";
  error_code failed = asio::error::host_not_found;
  for (const auto& address : *addresses) {
    if (self->aborted_) break;
    failed = co_await connect(self, address);
    if (!failed) break;
  }
  if (self->aborted_) failed = asio::error::operation_aborted;
  if (failed) co_return self->failed("cannot connect to", failed);
  if (self->endpoint_.kind == Endpoint::Kind::tls) co_return co_await secure(self);
  co_return Stream(plain_stream(std::move(self->socket_)));
}

}  // namespace vakthund::net
