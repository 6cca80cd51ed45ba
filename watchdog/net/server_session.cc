#include "watchdog/net/server_session.h"

namespace vakthund::net {

using Kind = WebSocketPeer::Frame::Kind;

ServerSession::~ServerSession() {
  if (peer_) peer_->abort();
}

void ServerSession::send_text(std::string text) { send({Kind::text, std::move(text)}); }
void ServerSession::ping() { send({Kind::ping, {}}); }
void ServerSession::close() { send({Kind::close, {}}); }

void ServerSession::abort() {
  aborted_ = true;
  if (peer_) peer_->abort();
}

void ServerSession::send(WebSocketPeer::Frame frame) {
  if (aborted_ || over_) return;
  if (peer_) {
    if (!peer_->send(std::move(frame))) abort();
  } else if (early_.size() < kMaxQueued) {
    early_.push_back(std::move(frame));
  } else {
    abort();
  }
}

void ServerSession::attach(std::shared_ptr<WebSocketPeer> peer) {
  peer_ = std::move(peer);
  if (aborted_) return peer_->abort();
  for (auto& frame : std::exchange(early_, {})) peer_->send(std::move(frame));
}

asio::awaitable<void> ServerSession::run(std::weak_ptr<ServerSession> weak,
                                         std::shared_ptr<WebSocketPeer> peer,
                                         std::shared_ptr<ServerState> server, HttpRequest request) {
  const auto opened = co_await WebSocketPeer::accept(peer, std::move(request));
  bool more = opened.has_value();
  while (more && !server->stopped) {
    const auto text = co_await WebSocketPeer::read(peer);
    const auto session = weak.lock();
    more = text.has_value() && session && !session->aborted_ && !server->stopped;
    // A copy: the callback may put another in its place, or none.
    const auto on_text = more ? session->on_text : nullptr;
    if (on_text) on_text(*text);
  }
  peer->abort();
  if (const auto session = weak.lock()) session->end(server->stopped);
}

// Lets go of the callbacks too: they often hold the session itself.
void ServerSession::end(bool stopped) {
  over_ = true;
  on_text = nullptr;
  if (const auto call = std::exchange(on_closed, nullptr); call && !stopped) call();
}

}  // namespace vakthund::net
