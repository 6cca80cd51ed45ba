#include "watchdog/net/websocket_peer.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstring>

#include "watchdog/net/http_message.h"

namespace vakthund::net {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

// What Beast asks of a stream that is not one of its own, found by argument-dependent lookup.
void beast_close_socket(Stream& stream) { stream.close(); }

void teardown(beast::role_type /*role*/, Stream& stream, error_code& failed) {
  stream.close();
  failed = {};
}

template <class Handler>
void async_teardown(beast::role_type /*role*/, Stream& stream, Handler&& handler) {
  stream.bytes().end_writing();
  stream.close();
  asio::post(stream.get_executor(),
             beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

namespace {

constexpr std::chrono::seconds kCloseLimit{5};

// Text from the other side, made fit for one line of a log.
std::string printable(beast::string_view text) {
  std::string result(text.substr(0, 123));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  }
  return result;
}

Error refusal(const http::response<http::string_body>& answer) {
  const int status = static_cast<int>(answer.result_int());
  const ErrorKind kind = status == 418 || status == 429  ? ErrorKind::rate_limited
                         : status == 404                 ? ErrorKind::not_found
                         : status >= 400 && status < 500 ? ErrorKind::refused
                                                         : ErrorKind::unavailable;
  const int wait_s = std::atoi(std::string(answer[http::field::retry_after]).c_str());
  return error(kind, fmt::format("the server refused the WebSocket (HTTP {})", status), status,
               std::max(wait_s, 0));
}

Error end_of(const websocket::close_reason& reason, error_code why, std::size_t max_message) {
  if (why == websocket::error::closed) {
    const std::string text = printable({reason.reason.data(), reason.reason.size()});
    return error(ErrorKind::unavailable,
                 fmt::format("closed by the other side (code {}{}{})", int(reason.code),
                             text.empty() ? "" : ": ", text),
                 reason.code);
  }
  if (why == websocket::error::message_too_big || why == websocket::error::buffer_overflow) {
    return error(ErrorKind::invalid, fmt::format("a message is larger than {} bytes", max_message));
  }
  if (why.category() == make_error_code(websocket::error::closed).category()) {
    return error(ErrorKind::invalid, fmt::format("not WebSocket ({})", why.message()));
  }
  return error(ErrorKind::unavailable, fmt::format("the connection broke ({})", why.message()));
}

}  // namespace

struct WebSocketPeer::Impl {
  Impl(Stream stream, Limits limits) : ws(std::move(stream)), max_message(limits.max_message) {
    ws.read_message_max(max_message);
    ws.text(true);
    // One frame each; the buffers that a message is cut into need no second pass.
    ws.auto_fragment(false);
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = kCloseLimit;  // the opening has a limit of its caller's besides
    timeout.idle_timeout = websocket::stream_base::none();
    timeout.keep_alive_pings = false;
    ws.set_option(timeout);
  }
  websocket::stream<Stream, false> ws;
  std::size_t max_message;
  beast::flat_buffer buffer;
};

WebSocketPeer::WebSocketPeer(Stream stream, Limits limits)
    : impl_(std::make_unique<Impl>(std::move(stream), limits)), max_queued_(limits.max_queued) {}
WebSocketPeer::~WebSocketPeer() = default;

asio::awaitable<Result<void>> WebSocketPeer::handshake(std::shared_ptr<WebSocketPeer> self,
                                                       std::string host, std::string target) {
  http::response<http::string_body> answer;
  auto [failed] = co_await self->impl_->ws.async_handshake(answer, host, target, kAwait);
  if (failed == websocket::error::upgrade_declined) co_return refusal(answer);
  if (failed) co_return end_of({}, failed, self->impl_->max_message);
  self->open_ = true;
  self->write_next();
  co_return Result<void>();
}

asio::awaitable<Result<void>> WebSocketPeer::accept(std::shared_ptr<WebSocketPeer> self,
                                                    HttpRequest request) {
  http::request<http::empty_body> upgrade(http::string_to_verb(request.method), request.target, 11);
  for (const auto& [name, value] : request.headers) upgrade.insert(name, value);
  auto [failed] = co_await self->impl_->ws.async_accept(upgrade, kAwait);
  if (failed) co_return end_of({}, failed, self->impl_->max_message);
  self->open_ = true;
  self->write_next();
  co_return Result<void>();
}

asio::awaitable<Result<std::string_view>> WebSocketPeer::read(std::shared_ptr<WebSocketPeer> self) {
  auto& [ws, max_message, buffer] = *self->impl_;
  buffer.clear();
  auto [failed, size] = co_await ws.async_read(buffer, kAwait);
  if (failed) co_return end_of(ws.reason(), failed, max_message);
  if (!ws.got_text()) {
    self->abort();
    co_return error(ErrorKind::invalid, "a binary message came where only text is understood");
  }
  std::memset(buffer.prepare(kPadding).data(), 0, kPadding);
  co_return std::string_view(static_cast<const char*>(buffer.data().data()), size);
}

void WebSocketPeer::on_control(std::function<void()> call) {
  impl_->ws.control_callback(
      [call = std::move(call)](websocket::frame_type kind, beast::string_view /*payload*/) {
        if (kind != websocket::frame_type::close) call();
      });
}

bool WebSocketPeer::send(Frame frame) {
  if (queue_.size() >= max_queued_) return false;
  queue_.push_back(std::move(frame));
  write_next();
  return true;
}

void WebSocketPeer::write_next() {
  if (!open_ || writing_ || queue_.empty()) return;
  writing_ = true;
  auto& ws = impl_->ws;
  const Frame& frame = queue_.front();
  const auto done = [self = shared_from_this()](error_code failed, std::size_t /*size*/ = 0) {
    self->written(failed);
  };
  switch (frame.kind) {
    case Frame::Kind::text:
      ws.async_write(asio::buffer(frame.text), done);
      break;
    case Frame::Kind::ping:
      ws.async_ping({}, done);
      break;
    case Frame::Kind::close:
      ws.async_close(websocket::close_code::normal, done);
      break;
  }
}

void WebSocketPeer::written(error_code failed) {
  writing_ = false;
  queue_.pop_front();
  if (failed) {
    open_ = false;
    return abort();
  }
  write_next();
}

void WebSocketPeer::abort() { impl_->ws.next_layer().close(); }

}  // namespace vakthund::net
