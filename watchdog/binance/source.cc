#include "watchdog/binance/source.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "watchdog/binance/source_impl.h"

namespace vakthund::binance {
namespace {

using guard::Event;
using guard::Read;
using Item = Schedule::Item;

Result<net::Url> url_of(const std::string& text, const SourceSettings& settings) {
  auto url = net::Url::parse(text);
  if (!url) return url;
  url->endpoint.ca_file = settings.ca_file;
  url->endpoint.bind_address = settings.bind_address;
  return url;
}

constexpr Read::What kBook[] = {Read::What::positions,      Read::What::account_config,
                                Read::What::regular_orders, Read::What::algo_orders,
                                Read::What::account,        Read::What::symbol_configs,
                                Read::What::filters};

}  // namespace

Source::Impl::Impl(net::Loop& the_loop, SourceSettings the_settings, const net::Url& rest_url,
                   const net::Url& stream_url, Signer signer, Sink the_sink)
    : loop(the_loop),
      settings(std::move(the_settings)),
      sink(std::move(the_sink)),
      rest(loop, rest_url, settings.api_key, std::move(signer), settings.weight_budget_ratio),
      orders(loop, rest, [this](std::vector<Event> events) { emit(std::move(events)); }),
      rehearsal(rest, [this](std::vector<Event> events) { emit(std::move(events)); }),
      schedule({settings.poll_interval, rest.budget().share()}, net::Loop::now().mono),
      market(loop, stream_url, StreamMachine::Kind::market, settings.seed, market_owner()),
      private_stream(loop, stream_url, StreamMachine::Kind::private_, settings.seed + 1,
                     private_owner()),
      pump_timer(loop),
      warm_timer(loop),
      exchange_timer(loop) {
  rest.set_on_answer([this] { look_at_exchange(/*anyway=*/false); });
}

void Source::Impl::emit(std::vector<Event> events) {
  if (events.empty()) return;
  undecodable += static_cast<std::uint64_t>(std::count_if(
      events.begin(), events.end(),
      [](const Event& event) { return std::holds_alternative<guard::Undecodable>(event); }));
  sink(std::move(events));
}

StreamConnection::Owner Source::Impl::market_owner() {
  StreamConnection::Owner owner;
  owner.on_frame = [this](FrameKind kind, std::vector<Event> events) {
    ++frames[static_cast<std::size_t>(kind)];
    // A frame of prices does not say by itself that it came by the stream; first, so that what
    // could not be read of it stays told.
    events.insert(events.begin(), guard::StreamAlive{model::Feed::market_stream});
    emit(std::move(events));
  };
  owner.on_up = [this] { stream_up(model::Feed::market_stream); };
  owner.on_down = [this](const std::string& why) { stream_down(model::Feed::market_stream, why); };
  return owner;
}

StreamConnection::Owner Source::Impl::private_owner() {
  StreamConnection::Owner owner;
  owner.on_frame = [this](FrameKind kind, std::vector<Event> events) {
    private_frame(kind, std::move(events));
  };
  owner.on_up = [this] { stream_up(model::Feed::private_stream); };
  owner.on_down = [this](const std::string& why) { stream_down(model::Feed::private_stream, why); };
  // An account can be quiet for hours; whether the stream is deaf is for deafness.h to find out.
  owner.on_ping = [this] { emit({guard::StreamAlive{model::Feed::private_stream}}); };
  owner.create_key = [this] { ask_for_key(create_listen_key_request(), true); };
  owner.extend_key = [this] { ask_for_key(extend_listen_key_request(), false); };
  return owner;
}

// What was missed is not replayed (§7): everything the private stream carries is read again.
void Source::Impl::stream_up(model::Feed feed) {
  emit({guard::StreamState{feed, true, ""}});
  if (feed == model::Feed::market_stream) {
    schedule.market_stream(true);
  } else {
    deafness.reset();
    schedule.after_gap(net::Loop::now().mono);
  }
  pump();
}

void Source::Impl::stream_down(model::Feed feed, const std::string& why) {
  emit({guard::StreamState{feed, false, why}});
  if (feed == model::Feed::market_stream) {
    schedule.market_stream(false);
    pump();
  }
}

void Source::Impl::private_frame(FrameKind kind, std::vector<Event> events) {
  ++frames[static_cast<std::size_t>(kind)];
  const model::MonoTime now = net::Loop::now().mono;
  bool lost = false;
  for (const Event& event : events) {
    if (const auto* change = std::get_if<guard::PositionChanged>(&event)) {
      deafness.announced(*change);
    }
    lost = lost || std::holds_alternative<guard::Undecodable>(event);
  }
  emit(std::move(events));
  // What could not be read of a frame is found out by asking.
  if (lost) schedule.after_gap(now);
  if (kind == FrameKind::settings) schedule.hurry(Item::account_config, now);
  if (kind == FrameKind::margin_call) {
    schedule.hurry(Item::positions, now);
    schedule.hurry(Item::account, now);
  }
  if (lost || kind == FrameKind::settings || kind == FrameKind::margin_call) pump();
}

void Source::Impl::ask_for_key(Request request, bool create) {
  rest.ask(request, /*urgent=*/true);
  rest.send(std::move(request), /*urgent=*/false,
            [this, create](const Result<net::HttpResponse>& answer, model::MonoTime) {
              Result<std::string> key = std::string();
              Notes notes;
              if (!answer) {
                key = answer.error();
              } else if (!decode_listen_key(answer->body, *key, notes)) {
                key = error(ErrorKind::invalid, "listen key: " + notes.reason());
              }
              create ? private_stream.key_created(key) : private_stream.key_extended(key);
            });
}

Result<std::unique_ptr<Source>> Source::make(net::Loop& loop, SourceSettings settings, Sink sink) {
  auto signer = Signer::from(settings.secret);
  OPENSSL_cleanse(settings.secret.data(), settings.secret.size());
  settings.secret.clear();
  const auto named = [&settings](Error error) {
    error.message = "account " + settings.account + ": " + error.message;
    return error;
  };
  if (!signer) return named(signer.error());
  if (settings.api_key.empty()) {
    return named(error(ErrorKind::invalid, "the API key is empty"));
  }
  const auto rest_url = url_of(settings.rest_url, settings);
  if (!rest_url) return named(rest_url.error());
  const auto stream_url = url_of(settings.stream_url, settings);
  if (!stream_url) return named(stream_url.error());
  return std::unique_ptr<Source>(new Source(std::make_unique<Impl>(
      loop, std::move(settings), *rest_url, *stream_url, std::move(*signer), std::move(sink))));
}

Source::Source(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Source::~Source() = default;

void Source::start() {
  if (impl_->running) return;
  impl_->running = true;
  impl_->market.start();
  impl_->private_stream.start();
  impl_->keep_warm();
  impl_->look_at_exchange(/*anyway=*/true);
  impl_->pump();
}

void Source::stop() {
  impl_->running = false;
  impl_->pump_timer.cancel();
  impl_->warm_timer.cancel();
  impl_->exchange_timer.cancel();
  impl_->market.stop();
  impl_->private_stream.stop();
}

void Source::read_once(std::function<void()> done) {
  Impl* impl = impl_.get();
  impl->rest.read_clock([impl, done = std::move(done)](const std::optional<Error>& failed) {
    std::vector<Read> reads;
    for (const Read::What what : kBook) reads.push_back({what, "", "", {}, /*urgent=*/true});
    if (failed) {
      std::vector<Event> events;
      for (const Read& read : reads) events.push_back(failure_of(read, *failed));
      impl->emit(std::move(events));
      impl->tell_exchange();
      return done();
    }
    const auto left = std::make_shared<std::size_t>(reads.size() + 1);
    const auto ended = [impl, left, done](bool) {
      if (--*left > 0) return;
      impl->tell_exchange();
      done();
    };
    for (const Read& read : reads) impl->read(read, ended);
    impl->rest.ask(mark_prices_request(), /*urgent=*/true);
    impl->read_mark_prices(ended);
  });
}

void Source::execute(const guard::Read& read) { impl_->read(read, nullptr); }

void Source::execute(const guard::PlaceOrders& place) {
  impl_->orders.place(place);
  impl_->want_clock();
}

void Source::execute(const guard::TestOrders& test) { impl_->rehearsal.test(test); }

void Source::execute(const guard::CancelOrders& cancel) {
  impl_->orders.cancel(cancel);
  impl_->want_clock();
}

void Source::execute(const guard::Watch& watch) {
  impl_->schedule.watch(watch.symbols);
  impl_->schedule.watch_positions(watch.position_symbols, net::Loop::now().mono);
  impl_->rest.budget().hold_back_for_kill(watch.symbols.size());
  impl_->market.follow(watch.last_price_symbols);
  impl_->pump();
}

SourceStats Source::stats() const {
  SourceStats stats;
  impl_->rest.tell(stats);
  stats.market = impl_->market.stats();
  stats.private_stream = impl_->private_stream.stats();
  stats.frames = impl_->frames;
  stats.undecodable = impl_->undecodable;
  return stats;
}

std::optional<Error> Source::trouble() const {
  auto trouble = impl_->rest.trouble();
  if (trouble) trouble->message = "account " + impl_->settings.account + ": " + trouble->message;
  return trouble;
}

}  // namespace vakthund::binance
