#include "watchdog/net/http_connection.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include "watchdog/net/loop_impl.h"

namespace vakthund::net {

HttpConnection::HttpConnection(Loop& loop, const Endpoint& endpoint, Result<TlsContext> tls,
                               HttpClient::Limits limits, std::weak_ptr<Events> events)
    : loop_(loop),
      limits_(limits),
      name_(Dial::name_of(endpoint)),
      events_(std::move(events)),
      dial_(std::make_shared<Dial>(loop, endpoint, std::move(tls))),
      reader_(limits.max_body),
      limit_(loop) {}

void HttpConnection::open() {
  limit_.after(kOpenLimit, [self = weak_from_this()] {
    const auto connection = self.lock();
    if (!connection) return;
    connection->opened(error(ErrorKind::unavailable,
                             fmt::format("no connection to {} within {} ({})", connection->name_,
                                         model::to_text(kOpenLimit), connection->dial_->phase())));
  });
  asio::co_spawn(io_of(loop_), run(shared_from_this()), PassOn());
}

asio::awaitable<void> HttpConnection::run(std::shared_ptr<HttpConnection> self) {
  auto stream = co_await Dial::run(self->dial_);
  self->opened(std::move(stream));
  if (self->state_ != State::closed) co_await read_answers(self);
}

void HttpConnection::opened(Result<Stream> stream) {
  if (state_ != State::opening) {
    if (stream) stream->close();
    return;
  }
  limit_.cancel();
  const auto events = events_.lock();
  if (!stream || !events) {
    close();
    if (events) events->on_open_failed(*this, stream ? Error{} : stream.error());
    return;
  }
  stream_.emplace(std::move(*stream));
  become_idle();
  events->on_open(*this);
}

void HttpConnection::become_idle() {
  state_ = State::idle;
  // Left running while busy, when it means nothing: cancelling it would cost before a write.
  limit_.after(limits_.idle_timeout, [self = weak_from_this()] {
    const auto connection = self.lock();
    if (connection && connection->state_ == State::idle) connection->fail({});
  });
}

void HttpConnection::start(std::shared_ptr<Exchange> exchange) {
  VAKTHUND_ASSERT(state_ == State::idle);
  state_ = State::busy;
  exchange_ = std::move(exchange);
  writing_ = true;
  asio::async_write(
      *stream_, asio::buffer(exchange_->bytes),
      [self = shared_from_this(), exchange = exchange_](error_code failed, std::size_t /*size*/) {
        self->writing_ = false;
        if (self->exchange_ == exchange) self->on_written(failed);
      });
  // After the write has begun: the order is under way while we prepare for its answer.
  reader_.begin(exchange_->is_head);
}

void HttpConnection::on_written(error_code failed) {
  if (!failed) {
    exchange_->timings.written = Loop::now().mono;
    return;
  }
  // How much of it has gone is not known, least of all inside TLS.
  fail(error(ErrorKind::unknown,
             fmt::format("the connection to {} broke while the request was being written ({})",
                         name_, failed.message())));
}

asio::awaitable<void> HttpConnection::read_answers(std::shared_ptr<HttpConnection> self) {
  while (self->state_ != State::closed) {
    const auto space = self->reader_.prepare();
    auto [failed, size] =
        co_await self->stream_->async_read_some(asio::buffer(space.data(), space.size()), kAwait);
    if (self->state_ == State::closed) co_return;
    if (failed) {
      self->on_end(failed);
      co_return;
    }
    self->reader_.commit(size);
    if (!self->consume()) co_return;
  }
}

// false: the connection is over.
bool HttpConnection::consume() {
  if (state_ != State::busy) {
    fail({});  // nobody asked: not an exchange to go on with
    return false;
  }
  const auto parsed = reader_.parse();
  if (!parsed) {
    fail(error(parsed.error().kind, fmt::format("{}: {}", name_, parsed.error().message)));
    return false;
  }
  if (*parsed) complete();
  return state_ != State::closed;
}

void HttpConnection::on_end(error_code why) {
  if (state_ != State::busy) return fail({});
  // Over TLS only a proper farewell may end a body that has no length.
  const auto ended = reader_.end(why == asio::error::eof);
  if (ended) return complete();
  const bool plain = why == asio::error::eof || why == asio::ssl::error::stream_truncated;
  fail(error(ErrorKind::unknown,
             plain ? fmt::format("{}: {}", name_, ended.error().message)
                   : fmt::format("{}: {} ({})", name_, ended.error().message, why.message())));
}

void HttpConnection::complete() {
  const auto self = shared_from_this();
  const auto exchange = std::exchange(exchange_, nullptr);
  // An answer before the whole request was written, or more than was asked for: no second use.
  const bool reusable = reader_.keep_alive() && reader_.empty() && !writing_;
  auto response = reader_.take();
  const auto events = events_.lock();
  if (reusable) {
    become_idle();
  } else {
    close();
    if (events) events->on_closed(*this);
  }
  exchange->finish(std::move(response));
  if (reusable && events && state_ == State::idle) events->on_idle(*this);
}

void HttpConnection::fail(const Error& why) {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  const auto exchange = std::exchange(exchange_, nullptr);
  close();
  if (const auto events = events_.lock()) events->on_closed(*this);
  if (exchange) exchange->finish(why);
}

void HttpConnection::close() {
  state_ = State::closed;
  limit_.cancel();
  dial_->abort();
  if (stream_) stream_->close();
  if (const auto dropped = std::exchange(exchange_, nullptr)) {
    dropped->deadline.reset();
    dropped->callback = nullptr;
  }
}

}  // namespace vakthund::net
