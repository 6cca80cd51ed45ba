#include "watchdog/binance/stream_connection.h"

namespace vakthund::binance {
namespace {

constexpr model::Duration kOpenTimeout = std::chrono::seconds(10);

model::MonoTime now() { return net::Loop::now().mono; }

}  // namespace

StreamConnection::StreamConnection(net::Loop& loop, const net::Url& url, StreamMachine::Kind kind,
                                   std::uint64_t seed, Owner owner)
    : loop_(loop),
      endpoint_(url.endpoint),
      kind_(kind),
      machine_(kind, url.path, seed),
      owner_(std::move(owner)),
      timer_(loop) {}

void StreamConnection::start() { perform(machine_.start(now())); }

void StreamConnection::stop() {
  perform(machine_.stop());
  timer_.cancel();
  armed_ = model::MonoTime::max();
}

void StreamConnection::follow(const std::vector<std::string>& symbols) {
  perform(machine_.follow(symbols, now()));
}

void StreamConnection::distrust(const std::string& why) { perform(machine_.distrust(why, now())); }

void StreamConnection::key_created(const Result<std::string>& key) {
  perform(machine_.key_created(key, now()));
}

void StreamConnection::key_extended(const Result<std::string>& key) {
  perform(machine_.key_extended(key, now()));
}

StreamStats StreamConnection::stats() const {
  StreamStats stats{machine_.is_up(), std::nullopt, machine_.reconnects()};
  if (machine_.last_life() != model::MonoTime()) stats.silent_for = now() - machine_.last_life();
  return stats;
}

void StreamConnection::perform(const StreamMachine::Actions& actions) {
  using What = StreamMachine::Action::What;
  for (const StreamMachine::Action& action : actions) {
    switch (action.what) {
      case What::create_key:
        owner_.create_key();
        break;
      case What::extend_key:
        owner_.extend_key();
        break;
      case What::open:
        open(action.text);
        break;
      case What::close:
        drop();
        break;
      case What::send:
        if (client_) client_->send_text(action.text);
        break;
      case What::up:
        owner_.on_up();
        break;
      case What::down:
        owner_.on_down(action.text);
        break;
    }
  }
  arm();
}

// Life moves the deadline with every frame; the timer is left where it is and looks again there.
void StreamConnection::arm() {
  const model::MonoTime wake = machine_.next_wake();
  if (wake >= armed_) return;
  armed_ = wake;
  timer_.at(wake, [this] {
    armed_ = model::MonoTime::max();
    perform(machine_.tick(now()));
  });
}

// A client may be destroyed within its own callback; nothing comes from it afterwards.
void StreamConnection::drop() { client_.reset(); }

void StreamConnection::open(const std::string& path) {
  drop();
  net::WebSocketClient::Callbacks callbacks;
  callbacks.on_open = [this] { perform(machine_.opened(now())); };
  callbacks.on_text = [this](std::string_view text) {
    std::vector<guard::Event> events;
    const FrameKind kind = kind_ == StreamMachine::Kind::market
                               ? decode_market_frame(text, events)
                               : decode_private_frame(text, events);
    owner_.on_frame(kind, std::move(events));
    perform(machine_.frame(kind, now()));
  };
  callbacks.on_ping = [this] {
    if (owner_.on_ping) owner_.on_ping();
    perform(machine_.ping(now()));
  };
  callbacks.on_closed = [this](const Error& why) { perform(machine_.closed(why, now())); };
  client_ = std::make_unique<net::WebSocketClient>(loop_, endpoint_, path, kOpenTimeout,
                                                   std::move(callbacks));
}

}  // namespace vakthund::binance
