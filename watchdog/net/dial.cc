#include "watchdog/net/dial.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "watchdog/net/loop_impl.h"

namespace vakthund::net {
namespace {

using asio::ip::tcp;

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un

}  // namespace

std::string Dial::name_of(const Endpoint& endpoint) {
  return endpoint.kind == Endpoint::Kind::unix_socket ? endpoint.host
                                                      : endpoint.host + ":" + endpoint.port;
}

Dial::Dial(Loop& loop, Endpoint endpoint, Result<TlsContext> tls)
    : endpoint_(std::move(endpoint)),
      tls_(std::move(tls)),
      name_(name_of(endpoint_)),
      host_(endpoint_.kind == Endpoint::Kind::unix_socket
                ? nullptr
                : loop.impl().name(endpoint_.host, endpoint_.port)),
      looked_up_(std::make_shared<asio::steady_timer>(io_of(loop))),
      socket_(io_of(loop)),
      connect_limit_(loop) {}

void Dial::abort() {
  aborted_ = true;
  connect_limit_.cancel();
  looked_up_->cancel();
  error_code ignored;
  socket_.close(ignored);
  if (securing_ != nullptr) securing_->close();
}

Error Dial::failed(std::string_view what, error_code why) const {
  return error(ErrorKind::unavailable, fmt::format("{} {}: {}", what, name_, why.message()));
}

asio::awaitable<Result<Dial::Addresses>> Dial::look_up(std::shared_ptr<Dial> self) {
  HostName& host = *self->host_;
  if (!host.is_address() && !self->aborted_) {
    const model::Duration limit = host.addresses().empty() ? kWholeLimit : kLookupLimit;
    self->looked_up_->expires_after(limit);
    host.look_up(self->looked_up_);
    co_await self->looked_up_->async_wait(kAwait);
  }
  if (self->aborted_) co_return self->failed("cannot look up", asio::error::operation_aborted);
  if (host.addresses().empty()) co_return self->failed("cannot look up", host.why_unknown());
  co_return self->from_local_address(host.addresses());
}

Result<Dial::Addresses> Dial::from_local_address(Addresses addresses) const {
  if (endpoint_.bind_address.empty()) return addresses;
  error_code failed;
  const auto local = asio::ip::make_address(endpoint_.bind_address, failed);
  if (failed) {
    return error(ErrorKind::unavailable,
                 fmt::format("bind_address {} is not an IP address", endpoint_.bind_address));
  }
  std::erase_if(addresses, [&](const auto& to) { return to.address().is_v4() != local.is_v4(); });
  if (!addresses.empty()) return addresses;
  return error(ErrorKind::unavailable,
               fmt::format("{} has no address of the family of bind_address {}", name_,
                           endpoint_.bind_address));
}

error_code Dial::bind_local(const Socket::endpoint_type& to) {
  error_code failed;
  socket_.open(to.protocol(), failed);
  if (failed || endpoint_.kind == Endpoint::Kind::unix_socket) return failed;
  // One small message at a time, each waited for: never held back for a fuller packet.
  socket_.set_option(tcp::no_delay(true), failed);
  if (!failed && !endpoint_.bind_address.empty()) {
    socket_.bind(tcp::endpoint(asio::ip::make_address(endpoint_.bind_address, failed), 0), failed);
  }
  return failed;
}

asio::awaitable<error_code> Dial::connect(std::shared_ptr<Dial> self, Socket::endpoint_type to,
                                          model::Duration limit) {
  error_code ignored;
  self->socket_.close(ignored);
  if (const error_code failed = self->bind_local(to)) co_return failed;
  self->connect_limit_.after(limit, [dial = self.get()] {
    error_code unused;
    dial->socket_.close(unused);
  });
  auto [failed] = co_await self->socket_.async_connect(to, kAwait);
  self->connect_limit_.cancel();
  // Closed under it: by the limit, as an abort is found out by who called.
  co_return failed == asio::error::operation_aborted ? asio::error::timed_out : failed;
}

asio::awaitable<error_code> Dial::connect_any(std::shared_ptr<Dial> self, Addresses addresses) {
  error_code failed;
  for (const Address& address : addresses) {
    failed = co_await connect(self, address, addresses.size() > 1 ? kConnectLimit : kWholeLimit);
    if (!failed || self->aborted_) break;
    self->host_->failed(address);
  }
  co_return failed;
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
  error_code failed;
  if (self->host_) {
    auto addresses = co_await look_up(self);
    if (!addresses) co_return addresses.error();
    self->phase_ = "connecting";
    failed = co_await connect_any(self, *addresses);
  } else {
    if (self->endpoint_.host.size() > kLongestSocketPath) {
      co_return self->failed("cannot connect to", boost::system::errc::make_error_code(
                                                      boost::system::errc::filename_too_long));
    }
    self->phase_ = "connecting";
    failed = co_await connect(self, asio::local::stream_protocol::endpoint(self->endpoint_.host),
                              kWholeLimit);
  }
  if (self->aborted_) failed = asio::error::operation_aborted;
  if (failed) co_return self->failed("cannot connect to", failed);
  if (self->endpoint_.kind == Endpoint::Kind::tls) co_return co_await secure(self);
  co_return Stream(plain_stream(std::move(self->socket_)));
}

}  // namespace vakthund::net
