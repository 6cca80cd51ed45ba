#include "simulator/venue.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

constexpr std::int64_t kUsualWindowMs = 5000, kLongestWindowMs = 60'000;

bool well_formed_key(const std::string& key) {
  return !key.empty() && key.size() <= 128 &&
         std::all_of(key.begin(), key.end(), [](unsigned char c) { return std::isalnum(c); });
}

Reply refused(const Refusal& refusal) {
  Reply reply;
  reply.status = refusal.http;
  reply.body = refusal.body();
  if (refusal.retry_after_s > 0) {
    reply.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after_s));
  }
  return reply;
}

}  // namespace

Venue::Venue(Exchange::Settings settings) : exchange_(settings), dice_(settings.seed) {}

Venue::Caller Venue::caller(const std::string& api_key) {
  for (const auto& [name, account] : exchange_.accounts()) {
    for (const ApiKey& key : account.keys) {
      if (key.key == api_key && !key.revoked) return {exchange_.account(name), &key};
    }
  }
  return {};
}

std::optional<Refusal> Venue::authenticate(const Request& request, const Params& params,
                                           const Caller& caller, Security security,
                                           WallTime now) const {
  if (security == Security::none) return std::nullopt;
  if (!well_formed_key(request.api_key)) return refusal(-2014);
  Refusal no_right = refusal(-2015);
  no_right.http = 401;
  if (!caller.key) return no_right;
  if (security == Security::key) return std::nullopt;

  const auto timestamp = params.integer("timestamp");
  if (!timestamp || !*timestamp) return missing_parameter("timestamp");
  const auto window = params.integer("recvWindow");
  if (!window) return window.error();
  const std::int64_t window_ms = window->value_or(kUsualWindowMs);
  if (window_ms > kLongestWindowMs || window_ms < 0) return refusal(-1130, "recvWindow");
  const std::int64_t now_ms = epoch_ms(now);
  if (**timestamp >= now_ms + 1000) {
    Refusal ahead = refusal(-1021);
    ahead.message = "Timestamp for this request was 1000ms ahead of the server's time.";
    return ahead;
  }
  if (now_ms - **timestamp > window_ms) return refusal(-1021);
  const SignedText text = signed_text(request.query, request.body);
  if (text.signature.empty()) return missing_parameter("signature");
  if (!signature_valid(*caller.key, text)) return refusal(-1022);
  if (security == Security::trade && !caller.key->may_trade) return no_right;
  return std::nullopt;
}

const Account* Venue::shown(Account* account, WallTime now) {
  if (!account || !standing("read_lag", {}, now)) return account;
  const auto found = lagging_.find(account->name);
  return found == lagging_.end() ? account : &found->second;
}

const std::string& Venue::exchange_info(WallTime now) {
  if (exchange_info_version_ != exchange_.symbols_version()) {
    exchange_info_ = simulator::exchange_info(exchange_.symbols(), now).dump();
    exchange_info_version_ = exchange_.symbols_version();
  }
  return exchange_info_;
}

Answer<std::string> Venue::run(const Request& request, const Params& params, const Caller& caller,
                               const Endpoint* endpoint, WallTime now) {
  if (!endpoint) {
    Refusal none =
        refusal(-5000, fmt::format("Path {}, Method {} is invalid", request.path, request.method));
    none.http = 404;
    return none;
  }
  const int weight = params.find("symbol") ? endpoint->weight : endpoint->weight_all;
  if (const auto over = limits_.charge_weight(weight, now)) return *over;
  if (const auto bad = authenticate(request, params, caller, endpoint->security, now)) return *bad;
  if (endpoint->orders_minute > 0) {
    const auto over = limits_.charge_orders(caller.account->name, endpoint->orders_ten_seconds,
                                            endpoint->orders_minute, now);
    if (over) return *over;
  }
  std::string fresh_key;
  if (endpoint->security == Security::key) {
    fresh_key = hmac_hex(caller.key->key, fmt::format("{}-{}", ++listen_keys_, epoch_ms(now)));
  }
  std::int64_t order_lag_ms = 0;
  for (const Fault& fault : faults_) {
    if (fault.kind == "order_lag" && (!fault.until || now < *fault.until)) order_lag_ms = fault.ms;
  }
  Call call{exchange_, limits_,      caller.account, shown(caller.account, now), params,
            now,       order_lag_ms, fresh_key,      exchange_info(now),         caller.key};
  return endpoint->run(call);
}

Reply Venue::answer(const Request& request, const Params& params, const Caller& caller,
                    const Endpoint* endpoint, WallTime now) {
  const Answer<std::string> done = run(request, params, caller, endpoint, now);
  Reply reply = done ? Reply{} : refused(done.error());
  if (done) reply.body = *done;
  reply.headers.emplace_back("X-MBX-USED-WEIGHT-1M", std::to_string(limits_.used_weight(now)));
  if (caller.account && endpoint && endpoint->orders_minute > 0) {
    const std::string& name = caller.account->name;
    reply.headers.emplace_back("X-MBX-ORDER-COUNT-10S",
                               std::to_string(limits_.orders_in_ten_seconds(name, now)));
    reply.headers.emplace_back("X-MBX-ORDER-COUNT-1M",
                               std::to_string(limits_.orders_in_minute(name, now)));
  }
  return reply;
}

Reply Venue::handle(const Request& request, WallTime caller_time) {
  const WallTime now = exchange_time(caller_time);
  const Params params = Params::parse(request.query, request.body);
  const Caller from = caller(request.api_key);
  const Endpoint* endpoint = find_endpoint(request.method, request.path);
  const std::string name = request.method + " " + request.path;
  const std::string account = from.account ? from.account->name : std::string();

  const Fault* latency = next_fault("latency", name, account, now);
  const std::int64_t delay_ms = latency ? latency->ms : 0;
  std::optional<Reply> failed = fail(request, params, from, name, endpoint, now);
  Reply reply = failed ? std::move(*failed) : answer(request, params, from, endpoint, now);
  if (!failed) {
    if (const Fault* garble = next_fault("garble", name, account, now)) {
      reply.body = garbled(reply.body, garble->style, dice_());
    }
  }
  reply.delay_ms = delay_ms;

  SeenRequest seen{now,
                   request.method,
                   request.path,
                   from.key ? from.key->name : std::string(),
                   account,
                   {},
                   reply.dropped ? 0 : reply.status};
  for (const auto& [key, value] : params.all()) {
    if (key != "signature") seen.params.emplace_back(key, value);
  }
  seen_.push_back(std::move(seen));
  if (seen_.size() > kMaxSeen) seen_.pop_front();
  return reply;
}

void Venue::move_price(const std::string& symbol, bool mark, bool last, Decimal to,
                       std::int64_t over_ms, WallTime caller_time) {
  const WallTime now = exchange_time(caller_time);
  const Symbol* s = exchange_.symbol(symbol);
  if (!s) return;
  std::erase_if(paths_, [&](PricePath& path) {
    if (path.symbol != symbol) return false;
    path.mark = path.mark && !mark;
    path.last = path.last && !last;
    return !path.mark && !path.last;
  });
  if (over_ms <= 0) {
    exchange_.set_prices(symbol, mark ? MaybeDecimal(to) : std::nullopt,
                         last ? MaybeDecimal(to) : std::nullopt, now);
    return;
  }
  paths_.push_back(
      {symbol, mark, last, s->mark, s->last, to, now, now + std::chrono::milliseconds(over_ms)});
}

void Venue::advance(WallTime caller_time) {
  const WallTime now = exchange_time(caller_time);
  for (const PricePath& path : paths_) {
    const std::int64_t whole = (path.end - path.start).count();
    const std::int64_t passed = std::clamp<std::int64_t>((now - path.start).count(), 0, whole);
    const Decimal share = over(Decimal::from_units(passed), Decimal::from_units(whole));
    const auto between = [&](Decimal from) {
      return plus(from, times(minus(path.to, from), share));
    };
    const Symbol* s = exchange_.symbol(path.symbol);
    const bool there = passed == whole;
    const Decimal last = there ? path.to : floor_to_step(between(path.from_last), s->tick);
    exchange_.set_prices(path.symbol,
                         path.mark ? MaybeDecimal(between(path.from_mark)) : std::nullopt,
                         path.last ? MaybeDecimal(last) : std::nullopt, now);
  }
  std::erase_if(paths_, [&](const PricePath& path) { return path.end <= now; });
  actors_.advance(exchange_, limits_, now);
  exchange_.advance(now);
}

}  // namespace vakthund::simulator
