// One HTTP/1.1 connection of a client: opened, then one exchange at a time until it closes.
//
// A read is always pending, so that an idle connection's end is noticed at once. States:
// opening -> idle <-> busy -> closed. Its pool hears of each change through `Events`.
// Threads: the loop's. Kept alive by its pool and by what is under way.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "watchdog/net/dial.h"
#include "watchdog/net/http_message.h"

namespace vakthund::net {

// A request on its way. Its callback is called once, or never when the client has been destroyed.
struct Exchange {
  std::string bytes;
  bool is_head = false;
  model::Duration timeout{};
  HttpClient::Callback callback;
  HttpTimings timings;
  std::optional<Timer> deadline;

  void finish(Result<HttpResponse> result) {
    deadline.reset();
    if (const auto call = std::exchange(callback, nullptr)) call(std::move(result), timings);
  }
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  struct Events {
    virtual ~Events() = default;
    virtual void on_open(HttpConnection& connection) = 0;
    virtual void on_open_failed(HttpConnection& connection, Error why) = 0;
    virtual void on_idle(HttpConnection& connection) = 0;  // after an answer
    virtual void on_closed(HttpConnection& connection) = 0;
  };
  enum class State { opening, idle, busy, closed };

  HttpConnection(Loop& loop, const Endpoint& endpoint, Result<TlsContext> tls,
                 HttpClient::Limits limits, std::weak_ptr<Events> events);
  void open();
  // Only when idle. The write begins within the call.
  void start(std::shared_ptr<Exchange> exchange);
  // Ends the connection and, when there is one, its exchange with `why`.
  void fail(const Error& why);
  void close();  // without calling anybody
  State state() const { return state_; }
  bool carries(const Exchange& exchange) const { return exchange_.get() == &exchange; }
  const char* phase() const { return dial_->phase(); }
  // Looks at the socket: what the loop has not been told yet counts too.
  ByteStream::Unread unread() { return stream_->bytes().unread(); }

  bool for_request = false;  // opened because a request waits, not to be warm

 private:
  static constexpr std::chrono::seconds kOpenLimit{10};
  static asio::awaitable<void> run(std::shared_ptr<HttpConnection> self);
  static asio::awaitable<void> read_answers(std::shared_ptr<HttpConnection> self);
  void opened(Result<Stream> stream);
  void on_written(error_code failed);
  void on_end(error_code why);
  bool consume();
  void complete();
  void become_idle();

  Loop& loop_;
  const HttpClient::Limits limits_;
  const std::string name_;
  const std::weak_ptr<Events> events_;
  const std::shared_ptr<Dial> dial_;
  std::optional<Stream> stream_;
  ResponseReader reader_;
  Timer limit_;  // of opening, then of idling
  std::shared_ptr<Exchange> exchange_;
  State state_ = State::opening;
  bool writing_ = false;
};

}  // namespace vakthund::net
