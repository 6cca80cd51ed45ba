#include "watchdog/net/server.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "watchdog/net/loop_impl.h"
#include "watchdog/net/server_connection.h"

namespace vakthund::net {
namespace {

using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;
using Address = Socket::endpoint_type;

// Connections beyond the limit that are told so; those beyond these are only closed.
constexpr std::size_t kMaxRefusals = 32;
constexpr std::chrono::milliseconds kAcceptPause{100};

bool is_socket(const std::string& path) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

// A socket file that nobody listens on any more is in the way of the new one.
void remove_stale(asio::io_context& io, const std::string& path) {
  if (!is_socket(path)) return;
  Socket probe(io);
  error_code failed;
  probe.connect(asio::local::stream_protocol::endpoint(path), failed);
  if (failed == asio::error::connection_refused) ::unlink(path.c_str());
}

std::optional<Address> address_of(const Server::Options& options) {
  if (options.unix_socket) {
    if (options.host.size() > 107) return std::nullopt;  // sockaddr_un
    return asio::local::stream_protocol::endpoint(options.host);
  }
  error_code failed;
  const auto address =
      asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, failed);
  if (failed || options.port < 0 || options.port > 65535) return std::nullopt;
  return asio::ip::tcp::endpoint(address, static_cast<std::uint16_t>(options.port));
}

}  // namespace

struct Server::Impl {
  Impl(Loop& loop, Handler handler, TlsContext tls)
      : state(std::make_shared<ServerState>(
            ServerState{loop, std::move(handler), std::move(tls), {}, false})),
        acceptor(io_of(loop)),
        pause(io_of(loop)) {}

  error_code open(const Options& options, const Address& address);
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self);
  void take(Socket socket);
  void stop();

  const std::shared_ptr<ServerState> state;
  Acceptor acceptor;
  asio::steady_timer pause;
  std::string path;  // the Unix socket's, to be removed
  int port = 0;
};

error_code Server::Impl::open(const Options& options, const Address& address) {
  if (options.unix_socket) remove_stale(io_of(state->loop), options.host);
  error_code failed;
  acceptor.open(address.protocol(), failed);
  if (!failed && !options.unix_socket) {
    acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  }
  if (!failed) acceptor.bind(address, failed);
  if (failed) return failed;
  if (options.unix_socket) path = options.host;
  acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed || options.unix_socket) return failed;
  asio::ip::tcp::endpoint bound;
  const auto generic = acceptor.local_endpoint(failed);
  if (failed) return failed;
  bound.resize(generic.size());
  std::memcpy(bound.data(), generic.data(), generic.size());
  port = bound.port();
  return {};
}

asio::awaitable<void> Server::Impl::accept(std::shared_ptr<Impl> self) {
  while (self->acceptor.is_open()) {
    auto [failed, socket] = co_await self->acceptor.async_accept(kAwait);
    if (self->state->stopped) co_return;
    if (!failed) {
      self->take(std::move(socket));
      continue;
    }
    // No more file descriptors, most likely: some come back when connections close.
    self->pause.expires_after(kAcceptPause);
    co_await self->pause.async_wait(kAwait);
  }
}

void Server::Impl::take(Socket socket) {
  const auto open = state->connections.size();
  if (open >= kMaxConnections + kMaxRefusals) return;
  error_code ignored;
  if (path.empty()) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto connection = std::make_shared<ServerConnection>(state, std::move(socket));
  asio::co_spawn(io_of(state->loop), ServerConnection::run(connection, open >= kMaxConnections),
                 PassOn());
}

void Server::Impl::stop() {
  state->stopped = true;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  if (!path.empty()) ::unlink(path.c_str());
  for (ServerConnection* const connection : std::set(state->connections)) connection->abort();
  state->handler = {};
}

Server::Server() = default;
Server::~Server() {
  if (impl_) impl_->stop();
}

Result<std::unique_ptr<Server>> Server::listen(Loop& loop, Options options, Handler handler) {
  TlsContext tls;
  if (options.tls) {
    auto context = server_tls(*options.tls);
    if (!context) return context.error();
    tls = std::move(*context);
  }
  const auto where =
      options.unix_socket ? options.host : fmt::format("{} port {}", options.host, options.port);
  const auto address = address_of(options);
  if (!address) {
    return error(
        ErrorKind::unavailable,
        fmt::format("cannot listen on {}: not an address, or a path over 107 bytes", where));
  }
  std::unique_ptr<Server> server(new Server);
  server->impl_ = std::make_shared<Impl>(loop, std::move(handler), std::move(tls));
  if (const error_code failed = server->impl_->open(options, *address)) {
    return error(ErrorKind::unavailable,
                 fmt::format("cannot listen on {}: {}", where, failed.message()));
  }
  asio::co_spawn(io_of(loop), Impl::accept(server->impl_), PassOn());
  return server;
}

int Server::port() const { return impl_->port; }

}  // namespace vakthund::net
