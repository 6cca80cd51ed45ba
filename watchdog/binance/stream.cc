#include "watchdog/binance/stream.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "watchdog/binance/errors.h"

namespace vakthund::binance {
namespace {

using What = StreamMachine::Action::What;
using model::Duration;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kFirstPause = milliseconds(250);
constexpr Duration kLongestPause = seconds(30);
// A connection that lived this long was a good one: the next pause is short again.
constexpr Duration kGoodLife = seconds(30);
constexpr Duration kMarketSilence = seconds(5);
// The exchange pings every three minutes.
constexpr Duration kPrivateSilence = seconds(210);
constexpr Duration kLifetime = hours(23) + minutes(50);
constexpr Duration kExtendEvery = minutes(5);
constexpr Duration kExtendAgain = seconds(30);
constexpr Duration kBetweenMessages = milliseconds(200);
constexpr std::size_t kParamsPerMessage = 100;

// Stream names are in lower case; what is not ASCII stays.
std::string trades_of(const std::string& symbol) {
  std::string name = symbol;
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name + "@aggTrade";
}

std::vector<std::string> difference(const std::set<std::string>& a,
                                    const std::set<std::string>& b) {
  std::vector<std::string> only_a;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  if (only_a.size() > kParamsPerMessage) only_a.resize(kParamsPerMessage);
  return only_a;
}

std::string control(std::string_view method, const std::vector<std::string>& params, int id) {
  const nlohmann::ordered_json message = {{"method", method}, {"params", params}, {"id", id}};
  return message.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

StreamMachine::StreamMachine(Kind kind, std::string base_path, std::uint64_t seed)
    : kind_(kind), base_path_(std::move(base_path)), random_(seed) {}

StreamMachine::Actions StreamMachine::start(model::MonoTime now) {
  Actions actions;
  if (state_ == State::stopped) connect(actions, now);
  return actions;
}

StreamMachine::Actions StreamMachine::stop() {
  state_ = State::stopped;
  up_ = false;
  return {{What::close, ""}};
}

// A fresh key is asked for with every connection: the same one comes back while it lives.
void StreamMachine::connect(Actions& actions, model::MonoTime now) {
  if (kind_ == Kind::market) return open(actions, now);
  state_ = State::getting_key;
  actions.push_back({What::create_key, ""});
}

void StreamMachine::open(Actions& actions, model::MonoTime now) {
  state_ = State::opening;
  subscribed_.clear();
  send_at_ = now;
  const std::string path = kind_ == Kind::market
                               ? base_path_ + "/market/stream?streams=!markPrice@arr@1s"
                               : base_path_ + "/private/ws/" + key_;
  actions.push_back({What::open, path});
}

// Half of each pause is chance (splitmix64), so that many clients do not return at one instant.
Duration StreamMachine::next_pause() {
  random_ += 0x9e3779b97f4a7c15u;
  std::uint64_t bits = random_;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  bits ^= bits >> 31;
  const Duration whole =
      std::min<Duration>(kLongestPause, kFirstPause * (1 << std::min(failures_, 7)));
  ++failures_;
  return whole / 2 + whole / 2 * static_cast<std::int64_t>(bits % 1024) / 1023;
}

void StreamMachine::lose(Actions& actions, std::string why, model::MonoTime now, bool at_once) {
  const bool was_open = state_ == State::open;
  if (was_open && now - opened_ >= kGoodLife) failures_ = 0;
  if (was_open || state_ == State::opening) actions.push_back({What::close, ""});
  ++reconnects_;
  if (up_ || told_ != why) actions.push_back({What::down, why});
  up_ = false;
  told_ = std::move(why);
  if (at_once && failures_ == 0) {
    ++failures_;
    connect(actions, now);
    return;
  }
  state_ = State::waiting;
  wait_until_ = now + next_pause();
}

void StreamMachine::tell_up(Actions& actions) {
  up_ = true;
  told_.clear();
  actions.push_back({What::up, ""});
}

StreamMachine::Actions StreamMachine::opened(model::MonoTime now) {
  Actions actions;
  if (state_ != State::opening) return actions;
  state_ = State::open;
  opened_ = last_life_ = now;
  if (kind_ == Kind::market) {
    up_ = false;  // until it sends a price
    subscribe(actions, now);
  } else {
    tell_up(actions);
    extend_at_ = now + kExtendEvery;
    extending_ = true;
    actions.push_back({What::extend_key, ""});
  }
  return actions;
}

StreamMachine::Actions StreamMachine::closed(const Error& why, model::MonoTime now) {
  Actions actions;
  if (state_ != State::opening && state_ != State::open) return actions;
  lose(actions, why.message, now, /*at_once=*/state_ == State::open);
  return actions;
}

StreamMachine::Actions StreamMachine::frame(FrameKind kind, model::MonoTime now) {
  Actions actions;
  if (state_ != State::open) return actions;
  if (kind == FrameKind::listen_key_expired) {
    lose(actions, "the listen key has expired", now, /*at_once=*/true);
    return actions;
  }
  // Of the market stream only prices are life: acknowledgements come on dead paths too.
  if (kind_ == Kind::market && kind != FrameKind::prices) return actions;
  last_life_ = now;
  if (!up_) tell_up(actions);
  return actions;
}

StreamMachine::Actions StreamMachine::ping(model::MonoTime now) {
  if (state_ == State::open && kind_ == Kind::private_) last_life_ = now;
  return {};
}

StreamMachine::Actions StreamMachine::key_created(const Result<std::string>& key,
                                                  model::MonoTime now) {
  Actions actions;
  if (state_ != State::getting_key) return actions;
  if (key && !key->empty()) {
    key_ = *key;
    open(actions, now);
  } else {
    lose(actions, key ? "the exchange gave an empty listen key" : key.error().message, now, false);
  }
  return actions;
}

StreamMachine::Actions StreamMachine::key_extended(const Result<std::string>& key,
                                                   model::MonoTime now) {
  Actions actions;
  extending_ = false;
  if (state_ != State::open) return actions;
  if (!key && key.error().code == kListenKeyGone) {
    lose(actions, "the listen key is gone: somebody deleted it or it ran out", now, true);
  } else if (key && !key->empty() && *key != key_) {
    lose(actions, "the account has another listen key now", now, true);
  } else {
    extend_at_ = now + (key ? kExtendEvery : kExtendAgain);
  }
  return actions;
}

StreamMachine::Actions StreamMachine::follow(const std::vector<std::string>& symbols,
                                             model::MonoTime now) {
  Actions actions;
  wanted_.clear();
  for (const std::string& symbol : symbols) {
    if (wanted_.size() < kMaxFollowed) wanted_.insert(trades_of(symbol));
  }
  if (state_ == State::open) subscribe(actions, now);
  return actions;
}

void StreamMachine::subscribe(Actions& actions, model::MonoTime now) {
  if (kind_ != Kind::market || wanted_ == subscribed_ || now < send_at_) return;
  auto names = difference(wanted_, subscribed_);
  const bool adding = !names.empty();
  if (adding) {
    subscribed_.insert(names.begin(), names.end());
  } else {
    names = difference(subscribed_, wanted_);
    for (const std::string& name : names) subscribed_.erase(name);
  }
  actions.push_back(
      {What::send, control(adding ? "SUBSCRIBE" : "UNSUBSCRIBE", names, next_message_id_++)});
  send_at_ = now + kBetweenMessages;
}

StreamMachine::Actions StreamMachine::distrust(std::string why, model::MonoTime now) {
  Actions actions;
  if (state_ == State::open) lose(actions, std::move(why), now, /*at_once=*/true);
  return actions;
}

model::MonoTime StreamMachine::deadline_of_life() const {
  return last_life_ + (kind_ == Kind::market ? kMarketSilence : kPrivateSilence);
}

StreamMachine::Actions StreamMachine::tick(model::MonoTime now) {
  Actions actions;
  if (state_ == State::waiting && now >= wait_until_) {
    connect(actions, now);
  } else if (state_ == State::open && now >= deadline_of_life()) {
    lose(actions, up_ ? "silent" : "connected, but it sends nothing", now, up_);
  } else if (state_ == State::open && now - opened_ >= kLifetime) {
    ++reconnects_;
    failures_ = 0;
    connect(actions, now);
  } else if (state_ == State::open) {
    if (kind_ == Kind::private_ && !extending_ && now >= extend_at_) {
      extending_ = true;
      actions.push_back({What::extend_key, ""});
    }
    subscribe(actions, now);
  }
  return actions;
}

model::MonoTime StreamMachine::next_wake() const {
  switch (state_) {
    case State::waiting:
      return wait_until_;
    case State::open: {
      auto wake = std::min(deadline_of_life(), opened_ + kLifetime);
      if (kind_ == Kind::private_ && !extending_) wake = std::min(wake, extend_at_);
      if (kind_ == Kind::market && wanted_ != subscribed_) wake = std::min(wake, send_at_);
      return wake;
    }
    default:
      return model::MonoTime::max();
  }
}

}  // namespace vakthund::binance
