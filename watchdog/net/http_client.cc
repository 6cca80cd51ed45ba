#include "watchdog/net/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "watchdog/net/http_connection.h"

namespace vakthund::net {

using State = HttpConnection::State;

// The pool: connections in order of their last use, the latest last, and the requests that wait.
struct HttpClient::Impl final : HttpConnection::Events,
                                std::enable_shared_from_this<HttpClient::Impl> {
  Impl(Loop& the_loop, Endpoint the_endpoint, Limits the_limits)
      : loop(the_loop),
        endpoint(std::move(the_endpoint)),
        limits(the_limits),
        host(host_header(endpoint)),
        name(Dial::name_of(endpoint)),
        tls(endpoint.kind == Endpoint::Kind::tls ? client_tls(endpoint.ca_file)
                                                 : Result<TlsContext>(nullptr)) {}

  void send(const HttpRequest& request, model::Duration timeout, Callback callback);
  void refuse(std::shared_ptr<Exchange> exchange, Error why);
  void arm(const std::shared_ptr<Exchange>& exchange);
  void expire(const std::shared_ptr<Exchange>& exchange);
  std::shared_ptr<HttpConnection> take_idle();
  void pump();
  void open_one(bool for_request);
  int count(State state) const;
  // Connections that are being opened or can be: their requests wait for them, not for others'.
  int to_come() const {
    return count(State::opening) + limits.max_connections - static_cast<int>(connections.size());
  }
  bool full() const { return static_cast<int>(connections.size()) >= limits.max_connections; }
  void remove(HttpConnection& connection);
  void close();

  void on_open(HttpConnection& connection) override { on_idle(connection); }
  void on_open_failed(HttpConnection& connection, Error why) override;
  void on_idle(HttpConnection& connection) override;
  void on_closed(HttpConnection& connection) override;

  Loop& loop;
  const Endpoint endpoint;
  const Limits limits;
  const std::string host;
  const std::string name;
  const Result<TlsContext> tls;
  std::vector<std::shared_ptr<HttpConnection>> connections;
  std::deque<std::shared_ptr<Exchange>> queue;
  int unsure = 0;  // idle connections with something unread, when last looked at
  bool closed = false;
  bool pump_posted = false;
};

void HttpClient::Impl::send(const HttpRequest& request, model::Duration timeout,
                            Callback callback) {
  auto exchange = std::make_shared<Exchange>();
  exchange->timeout = timeout;
  exchange->callback = std::move(callback);
  exchange->is_head = request.method == "HEAD";
  auto bytes = to_bytes(request, host);
  if (!bytes) return refuse(std::move(exchange), bytes.error());
  exchange->bytes = std::move(*bytes);
  if (queue.empty()) {
    if (const auto connection = take_idle()) {
      connection->start(exchange);
      return arm(exchange);
    }
  }
  if (static_cast<int>(queue.size()) >= limits.max_queued + to_come()) {
    return refuse(std::move(exchange),
                  error(ErrorKind::unavailable,
                        fmt::format("{} requests to {} are waiting already", queue.size(), name)));
  }
  queue.push_back(exchange);
  arm(exchange);
  pump();
}

// Never from within send(): callers need not expect their callback before it returns.
void HttpClient::Impl::refuse(std::shared_ptr<Exchange> exchange, Error why) {
  loop.post([self = weak_from_this(), exchange = std::move(exchange), why = std::move(why)] {
    const auto client = self.lock();
    if (client && !client->closed) exchange->finish(why);
  });
}

void HttpClient::Impl::arm(const std::shared_ptr<Exchange>& exchange) {
  exchange->deadline.emplace(loop);
  exchange->deadline->after(exchange->timeout,
                            [self = weak_from_this(), weak = std::weak_ptr(exchange)] {
                              const auto client = self.lock();
                              const auto late = weak.lock();
                              if (client && late) client->expire(late);
                            });
}

void HttpClient::Impl::expire(const std::shared_ptr<Exchange>& exchange) {
  const auto queued = std::find(queue.begin(), queue.end(), exchange);
  const auto after = model::to_text(exchange->timeout);
  if (queued == queue.end()) {
    for (const auto& connection : std::vector(connections)) {
      if (!connection->carries(*exchange)) continue;
      return connection->fail(
          error(ErrorKind::unknown, fmt::format("no answer from {} within {}", name, after)));
    }
    return;
  }
  queue.erase(queued);
  const auto opening = std::find_if(connections.begin(), connections.end(),
                                    [](const auto& c) { return c->state() == State::opening; });
  const std::string doing =
      opening == connections.end() ? "all connections are busy" : (*opening)->phase();
  exchange->finish(error(ErrorKind::unavailable,
                         fmt::format("no connection to {} within {} ({})", name, after, doing)));
}

// The latest used of the idle connections that are not at their end.
std::shared_ptr<HttpConnection> HttpClient::Impl::take_idle() {
  unsure = 0;
  for (std::size_t i = connections.size(); i-- > 0;) {
    const auto connection = connections[i];
    if (connection->state() != State::idle) continue;
    const auto seen = connection->unread();
    if (seen == ByteStream::Unread::nothing) {
      std::rotate(connections.begin() + static_cast<std::ptrdiff_t>(i),
                  connections.begin() + static_cast<std::ptrdiff_t>(i) + 1, connections.end());
      return connection;
    }
    if (seen == ByteStream::Unread::end) {
      connection->close();
      remove(*connection);
    } else {
      ++unsure;
    }
  }
  // TLS tickets or a farewell: which of them, its pending read finds out in this turn of the loop.
  if (unsure > 0 && !pump_posted) {
    pump_posted = true;
    loop.post([self = weak_from_this()] {
      const auto client = self.lock();
      if (!client) return;
      client->pump_posted = false;
      client->pump();
    });
  }
  return nullptr;
}

int HttpClient::Impl::count(State state) const {
  return static_cast<int>(std::count_if(connections.begin(), connections.end(),
                                        [state](const auto& c) { return c->state() == state; }));
}

void HttpClient::Impl::pump() {
  unsure = 0;
  while (!closed && !queue.empty()) {
    const auto connection = take_idle();
    if (!connection) break;
    const auto exchange = queue.front();
    queue.pop_front();
    connection->start(exchange);
  }
  int opening = count(State::opening) + unsure;
  while (!closed && !full() && opening < static_cast<int>(queue.size())) {
    open_one(true);
    ++opening;
  }
}

void HttpClient::Impl::open_one(bool for_request) {
  connections.insert(connections.begin(), std::make_shared<HttpConnection>(
                                              loop, endpoint, tls, limits, weak_from_this()));
  connections.front()->for_request = for_request;
  connections.front()->open();
}

void HttpClient::Impl::remove(HttpConnection& connection) {
  std::erase_if(connections, [&connection](const auto& c) { return c.get() == &connection; });
}

void HttpClient::Impl::on_open_failed(HttpConnection& connection, Error why) {
  const auto self = shared_from_this();
  const bool for_request = connection.for_request;
  remove(connection);
  std::shared_ptr<Exchange> failed;
  if (for_request && !queue.empty()) {
    failed = queue.front();
    queue.pop_front();
  }
  pump();
  if (failed) failed->finish(std::move(why));
}

void HttpClient::Impl::on_idle(HttpConnection& /*connection*/) {
  if (!queue.empty()) pump();
}

void HttpClient::Impl::on_closed(HttpConnection& connection) {
  remove(connection);
  if (!queue.empty()) pump();
}

void HttpClient::Impl::close() {
  closed = true;
  for (const auto& exchange : queue) exchange->callback = nullptr;
  queue.clear();
  for (const auto& connection : std::exchange(connections, {})) connection->close();
}

HttpClient::HttpClient(Loop& loop, Endpoint endpoint, Limits limits)
    : impl_(std::make_shared<Impl>(loop, std::move(endpoint), limits)) {
  VAKTHUND_ASSERT(limits.max_connections > 0 && limits.max_queued >= 0);
}

HttpClient::~HttpClient() { impl_->close(); }

void HttpClient::send(HttpRequest request, model::Duration timeout, Callback callback) {
  impl_->send(request, timeout, std::move(callback));
}

void HttpClient::warm(int count) {
  const int have = impl_->count(State::idle) + impl_->count(State::opening) -
                   static_cast<int>(impl_->queue.size());
  for (int i = have; i < count && !impl_->full(); ++i) impl_->open_one(false);
}

}  // namespace vakthund::net
