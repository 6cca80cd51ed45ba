// Both streams: what comes, what does not, and what is made of that.
#include "tests/sim/source.h"

#include "simulator/market_frames.h"
#include "watchdog/binance/decode.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using binance::FrameKind;
using guard::Event;
using Item = binance::Schedule::Item;
using model::Feed;

constexpr Duration kSilence = 5s;

std::string padded(std::string text) {
  text.append(64, '\0');
  return text;
}

}  // namespace

void Source::market_beat() {
  const WallTime wall = stage_.time.exchange_wall();
  const MonoTime now = stage_.time.now();
  const bool refused = stage_.venue.streams_refused(wall);
  if (!market_connected_ && !refused) {
    market_connected_ = true;
    market_life_ = now;
  }
  if (!market_connected_) return;
  if (stage_.venue.market_silent(wall)) {
    if (now - market_life_ >= kSilence) lose_market("silent for 5s");
    return;
  }
  const auto frames = simulator::frames({simulator::StreamKind::mark_price_array, {}, 1},
                                        stage_.venue.exchange(), wall, ++beats_);
  std::vector<std::string> texts(frames.begin(), frames.end());
  for (const std::string& symbol : last_price_symbols_) {
    for (std::string& text : simulator::frames({simulator::StreamKind::agg_trade, symbol, 1},
                                               stage_.venue.exchange(), wall, ++beats_)) {
      texts.push_back(std::move(text));
    }
  }
  stage_.time.bound_after(stage_.way(), [this, texts = std::move(texts)] {
    std::vector<Event> events;
    if (!market_up_) {
      market_up_ = true;
      events.push_back(guard::StreamState{Feed::market_stream, true, ""});
      schedule_.market_stream(true);
    }
    market_life_ = stage_.time.now();
    events.push_back(guard::StreamAlive{Feed::market_stream});
    for (const std::string& text : texts) {
      const std::string bytes = padded(text);
      binance::decode_market_frame(std::string_view(bytes).substr(0, text.size()), events);
    }
    emit(std::move(events));
  });
}

void Source::lose_market(const std::string& why) {
  market_connected_ = false;
  if (!market_up_) return;
  market_up_ = false;
  schedule_.market_stream(false);
  emit({guard::StreamState{Feed::market_stream, false, why}});
  pump();
}

void Source::connect_private() {
  if (connecting_) return;
  connecting_ = true;
  const auto again = [this] {
    connecting_ = false;
    stage_.time.bound_after(stage_.dice.within(250ms, 2s), [this] {
      if (!private_up_) connect_private();
    });
  };
  const binance::Request request = binance::create_listen_key_request();
  link_.ask(request, /*urgent=*/true);
  link_.send(request, [this, again](const Result<Link::Body>& answer, MonoTime) {
    binance::Notes notes;
    std::string key;
    const bool well = answer && binance::decode_listen_key(answer->view(), key, notes);
    if (!well || stage_.venue.streams_refused(stage_.time.exchange_wall())) return again();
    stage_.time.bound_after(stage_.way() * 3, [this, key] {
      connecting_ = false;
      listen_key_ = key;
      ++connection_;
      private_up_ = true;
      deafness_.reset();
      emit({guard::StreamState{Feed::private_stream, true, ""}});
      schedule_.after_gap(stage_.time.now());
      pump();
    });
  });
}

void Source::cut_private(const std::string& why) {
  if (!private_up_) return;
  private_up_ = false;
  ++connection_;
  emit({guard::StreamState{Feed::private_stream, false, why}});
  connect_private();
}

// In order within each type, as the exchange promises; across types whoever is quicker.
void Source::user_event(const simulator::UserEvent& event) {
  const WallTime wall = stage_.time.exchange_wall();
  if (!private_up_ || event.listen_key != listen_key_) return;
  if (stage_.venue.private_silent(wall)) return;
  if (stage_.strikes(Trouble::lost_events)) return;
  const std::string text = stage_.venue.stream_text(event, wall);
  MonoTime& last = last_of_type_[event.type];
  last = std::max(last, stage_.time.now() + stage_.way());
  const auto deliver = [this, text, connection = connection_] {
    if (connection == connection_) take_private(text);
  };
  stage_.time.bound_at(last, deliver);
  if (stage_.strikes(Trouble::repeated_events)) {
    stage_.time.bound_at(last + stage_.dice.within(0ms, 2s), deliver);
  }
}

void Source::take_private(const std::string& text) {
  std::vector<Event> events;
  const std::string bytes = padded(text);
  const FrameKind kind =
      binance::decode_private_frame(std::string_view(bytes).substr(0, text.size()), events);
  const MonoTime now = stage_.time.now();
  bool lost = false;
  for (const Event& event : events) {
    if (const auto* change = std::get_if<guard::PositionChanged>(&event)) {
      deafness_.announced(*change);
    }
    lost = lost || std::holds_alternative<guard::Undecodable>(event);
  }
  stage_.tally.events += events.size();
  emit(std::move(events));
  if (kind == FrameKind::listen_key_expired) return cut_private("its listen key expired");
  if (lost) schedule_.after_gap(now);
  if (kind == FrameKind::settings) schedule_.hurry(Item::account_config, now);
  if (kind == FrameKind::margin_call) {
    schedule_.hurry(Item::positions, now);
    schedule_.hurry(Item::account, now);
  }
  if (lost || kind == FrameKind::settings || kind == FrameKind::margin_call) pump();
}

}  // namespace vakthund::sim
