#include "watchdog/binance/rest.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "watchdog/binance/decode.h"
#include "watchdog/binance/refusal_text.h"

namespace vakthund::binance {
namespace {

constexpr model::Duration kReadTimeout = std::chrono::seconds(5);
constexpr model::Duration kLongReadTimeout = std::chrono::seconds(15);
constexpr net::HttpClient::Limits kReadLimits = {.max_connections = 6, .max_queued = 256};
constexpr net::HttpClient::Limits kOrderLimits = {.max_connections = 16, .max_queued = 512};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && problem == std::errc() && stop == text.data() + text.size();
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

// exchangeInfo is about a megabyte.
model::Duration timeout_of(const Request& request) {
  return request.path == "/fapi/v1/exchangeInfo" ? kLongReadTimeout : kReadTimeout;
}

// A lost answer to a read leaves nothing to find out; an answer that is no HTTP, to a request that
// changes something, does.
Error network_error(Error error, Effect effect) {
  if (effect == Effect::none && error.kind == ErrorKind::unknown) {
    error.kind = ErrorKind::unavailable;
  } else if (effect == Effect::changes && error.kind == ErrorKind::invalid) {
    error.kind = ErrorKind::unknown;
  }
  return error;
}

}  // namespace

struct Rest::Call {
  Request request;
  bool urgent = false;
  bool second = false;  // sent again after the clock was read again
  Callback callback;
  std::optional<model::MonoTime> commanded;
  model::MonoTime asked{};
};

Rest::Rest(net::Loop& loop, const net::Url& url, std::string api_key, Signer signer,
           model::Decimal share_ratio)
    : api_key_(std::move(api_key)),
      signer_(std::move(signer)),
      base_path_(url.path),
      budget_(share_ratio),
      reads_(loop, url.endpoint, kReadLimits),
      orders_(loop, url.endpoint, kOrderLimits) {}

Moment Rest::moment() const {
  const model::Now now = net::Loop::now();
  return {now.mono, clock_.at(now)};
}

Grant Rest::ask(const Request& request, bool urgent) {
  return budget_.ask(request.weight, urgent, moment());
}

void Rest::warm() { orders_.warm(static_cast<int>(kWarmConnections)); }

void Rest::send(Request request, bool urgent, Callback callback,
                std::optional<model::MonoTime> commanded) {
  VAKTHUND_ASSERT(request.auth != Request::Auth::signed_ || clock_.known());
  auto call = std::make_shared<Call>();
  call->request = std::move(request);
  call->urgent = urgent;
  call->callback = std::move(callback);
  call->commanded = commanded;
  transmit(std::move(call));
}

void Rest::transmit(std::shared_ptr<Call> call) {
  const model::Now now = net::Loop::now();
  call->asked = now.mono;
  net::HttpRequest http;
  http.method = std::string(call->request.method);
  http.target = base_path_ + target(call->request, signer_, clock_.at(now));
  if (call->request.auth != Request::Auth::open) {
    http.headers.emplace_back("X-MBX-APIKEY", api_key_);
  }
  const bool first_class = call->urgent || call->request.effect == Effect::changes;
  (first_class ? orders_ : reads_)
      .send(std::move(http), timeout_of(call->request),
            [this, call](Result<net::HttpResponse> answer, net::HttpTimings timings) {
              answered(call, std::move(answer), timings);
            });
}

void Rest::learn(const net::HttpResponse& response) {
  const Moment now = moment();
  budget_.answered(number(response.header("x-mbx-used-weight-1m")), now);
  order_budget_.answered(number(response.header("x-mbx-order-count-10s")),
                         number(response.header("x-mbx-order-count-1m")), now.mono);
}

Error Rest::error_of(const Call& call, const net::HttpResponse& response) {
  const Moment now = moment();
  Error error = to_error({response.status, response.body, response.header("retry-after")},
                         call.request.effect, now.exchange);
  if (response.status == 418 || response.status == 429) {
    budget_.refused(response.status == 418, error.retry_after_s, now.mono);
  }
  if (error.code == kTooManyOrders) order_budget_.refused(error.retry_after_s, now.mono);
  return error;
}

void Rest::judge_trouble(const Call& call, const Error* error) {
  if (error == nullptr) {
    if (call.request.auth == Request::Auth::signed_) trouble_.reset();
    return;
  }
  // A key that may only read is refused a rehearsal, and reads on: readiness tells of it.
  if (call.request.path == kOrderTestPath) return;
  const bool lasting = error->code == kBadSignature || error->code == kKeyMalformed ||
                       error->code == kKeyRefused || error->code == -2017 ||
                       (error->code == 0 && error->kind != ErrorKind::unknown);
  if (lasting) trouble_ = *error;
}

void Rest::answered(const std::shared_ptr<Call>& call, Result<net::HttpResponse> answer,
                    net::HttpTimings timings) {
  if (call->commanded && timings.written != model::MonoTime()) {
    const model::Duration took = timings.written - *call->commanded;
    ++stats_.orders_written;
    stats_.order_writes.push_back(took);
    if (stats_.order_writes.size() > SourceStats::kMaxWrites) stats_.order_writes.pop_front();
  }
  const std::string endpoint =
      std::string(call->request.method) + " " + std::string(call->request.path);
  if (!answer) {
    ++stats_.requests[{endpoint, 0}];
    const Error error = network_error(answer.error(), call->request.effect);
    judge_trouble(*call, &error);
    return call_back(call, error);
  }
  learn(*answer);
  if (answer->status >= 200 && answer->status < 300) {
    ++stats_.requests[{endpoint, answer->status}];
    judge_trouble(*call, nullptr);
    return call_back(call, std::move(answer));
  }
  const Error error = error_of(*call, *answer);
  ++stats_.requests[{endpoint, error.code}];
  if (is_clock(error) && !call->second) {
    call->second = true;
    return read_clock([this, call, error](const std::optional<Error>& failed) {
      if (failed) return call_back(call, error);
      budget_.ask(call->request.weight, /*urgent=*/true, moment());
      transmit(call);
    });
  }
  judge_trouble(*call, &error);
  call_back(call, error);
}

void Rest::call_back(const std::shared_ptr<Call>& call, Result<net::HttpResponse> answer) {
  if (on_answer_) on_answer_();
  call->callback(std::move(answer), call->asked);
}

void Rest::read_clock(std::function<void(std::optional<Error>)> done) {
  clock_waiters_.push_back(std::move(done));
  if (clock_waiters_.size() > 1) return;
  const Request request = server_time_request();
  budget_.ask(request.weight, /*urgent=*/true, moment());
  const model::Now asked = net::Loop::now();
  send(request, /*urgent=*/false,
       [this, asked](const Result<net::HttpResponse>& answer, model::MonoTime) {
         clock_answered(answer, asked);
       });
}

void Rest::clock_answered(const Result<net::HttpResponse>& answer, model::Now asked) {
  std::optional<Error> failed;
  if (answer) {
    Notes notes;
    model::WallTime server;
    if (decode_server_time(answer->body, server, notes)) {
      clock_.learn(server, asked, net::Loop::now());
    } else {
      failed = error(ErrorKind::invalid, "the exchange's time cannot be read: " + notes.reason());
    }
  } else {
    failed = answer.error();
  }
  // A waiter may ask again.
  const auto waiters = std::exchange(clock_waiters_, {});
  for (const auto& waiter : waiters) waiter(failed);
}

model::Exchange Rest::exchange() const {
  const Moment now = moment();
  model::Exchange exchange;
  exchange.weight_limit = budget_.limit();
  exchange.weight_used = budget_.used(now);
  exchange.weight_ours = budget_.ours_in_minute(now);
  exchange.weight_others = budget_.others(now);
  exchange.weight_budget = budget_.share();
  exchange.clock_offset = clock_.offset();
  exchange.refused = refusal_text(budget_.standing(now.mono), now);
  exchange.orders_10s = order_budget_.used_10s(now.mono);
  exchange.orders_1m = order_budget_.used_1m(now.mono);
  exchange.orders_10s_limit = order_budget_.limit_10s();
  exchange.orders_1m_limit = order_budget_.limit_1m();
  if (trouble_) exchange.trouble = trouble_->message;
  return exchange;
}

void Rest::tell(SourceStats& stats) const {
  stats.requests = stats_.requests;
  stats.orders_written = stats_.orders_written;
  stats.order_writes = stats_.order_writes;
  const Moment now = moment();
  stats.weight_limit = budget_.limit();
  stats.weight_share = budget_.share();
  stats.weight_allowance = budget_.allowance(now);
  stats.weight_held_back = budget_.held_back();
  stats.weight_used = budget_.used(now);
  stats.weight_ours = budget_.ours(now.mono);
  stats.weight_others = budget_.others(now);
  stats.clock_offset = clock_.offset();
  const Grant standing = budget_.standing(now.mono);
  stats.banned = standing.reason == Grant::Reason::banned;
  stats.rate_limited = standing.reason == Grant::Reason::rate_limited;
  stats.orders_10s = order_budget_.used_10s(now.mono);
  stats.orders_1m = order_budget_.used_1m(now.mono);
}

}  // namespace vakthund::binance
