#include "watchdog/net/websocket_client.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <vector>

#include "watchdog/net/dial.h"
#include "watchdog/net/http_message.h"
#include "watchdog/net/loop_impl.h"
#include "watchdog/net/websocket_peer.h"

namespace vakthund::net {
namespace {

constexpr std::size_t kMaxQueued = 64;

}  // namespace

struct WebSocketClient::Impl : std::enable_shared_from_this<WebSocketClient::Impl> {
  Impl(Loop& loop, const Endpoint& endpoint, std::string the_target, Callbacks the_callbacks)
      : host(host_header(endpoint)),
        name(Dial::name_of(endpoint)),
        target(std::move(the_target)),
        callbacks(std::move(the_callbacks)),
        open_limit(loop),
        dial(std::make_shared<Dial>(loop, endpoint,
                                    endpoint.kind == Endpoint::Kind::tls
                                        ? client_tls(endpoint.ca_file)
                                        : Result<TlsContext>(nullptr))) {}

  static asio::awaitable<void> run(std::shared_ptr<Impl> self);
  void send(std::string text);
  // Calls what the user gave, which may destroy the client and all it holds.
  template <class Call, class... Arguments>
  void tell(const Call& call, Arguments&&... arguments);
  void finish(Error why);
  void close();

  const std::string host;
  const std::string name;
  const std::string target;
  Callbacks callbacks;
  Timer open_limit;
  const std::shared_ptr<Dial> dial;
  std::shared_ptr<WebSocketPeer> peer;
  std::vector<std::string> early;  // texts from before there was a peer
  std::optional<Error> own_reason;
  bool over = false;
  int telling = 0;
};

template <class Call, class... Arguments>
void WebSocketClient::Impl::tell(const Call& call, Arguments&&... arguments) {
  if (!call) return;
  ++telling;
  call(std::forward<Arguments>(arguments)...);
  --telling;
  if (over && telling == 0) callbacks = {};
}

void WebSocketClient::Impl::close() {
  over = true;
  open_limit.cancel();
  dial->abort();
  if (peer) peer->abort();
  if (telling == 0) callbacks = {};
}

void WebSocketClient::Impl::finish(Error why) {
  if (over) return;
  const auto self = shared_from_this();
  const auto on_closed = std::exchange(callbacks.on_closed, nullptr);
  close();
  if (own_reason) why = std::move(*own_reason);
  why.message = fmt::format("WebSocket {}: {}", name, why.message);
  if (on_closed) on_closed(std::move(why));
}

void WebSocketClient::Impl::send(std::string text) {
  if (over || own_reason) return;
  bool fits = early.size() < kMaxQueued;
  if (peer) {
    fits = peer->send({WebSocketPeer::Frame::Kind::text, std::move(text)});
  } else if (fits) {
    early.push_back(std::move(text));
  }
  if (fits) return;
  // The reading end finds the connection closed and reports this.
  own_reason =
      error(ErrorKind::unavailable, fmt::format("{} texts wait to be written: closed", kMaxQueued));
  if (peer) peer->abort();
  dial->abort();
}

asio::awaitable<void> WebSocketClient::Impl::run(std::shared_ptr<Impl> self) {
  auto stream = co_await Dial::run(self->dial);
  if (self->over) co_return;
  if (!stream) co_return self->finish(stream.error());
  self->peer = std::make_shared<WebSocketPeer>(std::move(*stream),
                                               WebSocketPeer::Limits{kMaxMessage, kMaxQueued});
  const auto peer = self->peer;
  if (self->own_reason) co_return self->finish({});
  for (std::string& text : self->early) {
    peer->send({WebSocketPeer::Frame::Kind::text, std::move(text)});
  }
  self->early.clear();
  peer->on_control([impl = self.get()] {
    if (!impl->over) impl->tell(impl->callbacks.on_ping);
  });
  auto opened = co_await WebSocketPeer::handshake(peer, self->host, self->target);
  if (self->over) co_return;
  if (!opened) co_return self->finish(opened.error());
  self->open_limit.cancel();
  self->tell(self->callbacks.on_open);
  while (!self->over) {
    auto text = co_await WebSocketPeer::read(peer);
    if (self->over) co_return;
    if (!text) co_return self->finish(text.error());
    self->tell(self->callbacks.on_text, *text);
  }
}

WebSocketClient::WebSocketClient(Loop& loop, Endpoint endpoint, std::string target,
                                 model::Duration open_timeout, Callbacks callbacks)
    : impl_(std::make_shared<Impl>(loop, endpoint, std::move(target), std::move(callbacks))) {
  impl_->open_limit.after(open_timeout, [self = std::weak_ptr(impl_), open_timeout] {
    const auto impl = self.lock();
    if (!impl) return;
    const char* const doing = impl->peer ? "in the WebSocket handshake" : impl->dial->phase();
    impl->finish(error(ErrorKind::unavailable, fmt::format("not open within {} ({})",
                                                           model::to_text(open_timeout), doing)));
  });
  asio::co_spawn(io_of(loop), Impl::run(impl_), PassOn());
}

WebSocketClient::~WebSocketClient() { impl_->close(); }

void WebSocketClient::send_text(std::string text) { impl_->send(std::move(text)); }

}  // namespace vakthund::net
