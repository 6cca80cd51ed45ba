#include "tests/sim/link.h"

#include <fmt/format.h>

#include <charconv>

#include "watchdog/binance/decode.h"
#include "watchdog/binance/refusal_text.h"

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using binance::Effect;
using binance::Request;

constexpr Duration kTimeout = 5s;

std::optional<int> header(const simulator::Reply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key != name) continue;
    int number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec == std::errc()) return number;
  }
  return std::nullopt;
}

std::string padded(const std::string& text) {
  std::string copy;
  copy.reserve(text.size() + 64);
  copy = text;
  copy.append(64, '\0');
  return copy;
}

Error lost(Effect effect) {
  return effect == Effect::changes
             ? error(ErrorKind::unknown, "no answer within 5s: it may have been executed")
             : error(ErrorKind::unavailable, "no answer within 5s");
}

}  // namespace

Link::Link(Stage& stage, Truth& truth)
    : stage_(stage), truth_(truth), signer_(binance::Signer::from(kSecret).value()) {}

void Link::transmit(Request request, Callback callback, bool second) {
  VAKTHUND_ASSERT(request.auth != Request::Auth::signed_ || clock_.known());
  if (!stage_.time.alive()) return;  // the dead send nothing
  ++stage_.tally.requests;
  const MonoTime asked = stage_.time.now();
  std::string target = binance::target(request, signer_, clock_.at(stage_.time.ours()));
  if (stage_.strikes(Trouble::lost_answers) && stage_.dice.chance(400)) {
    return lose(request, callback, asked);  // it never arrives
  }
  stage_.time.after(stage_.way(),
                    [this, request = std::move(request), target = std::move(target),
                     callback = std::move(callback), asked, second, life = stage_.time.life()] {
                      arrive(request, target, callback, asked, second, life);
                    });
}

void Link::lose(const Request& request, const Callback& callback, MonoTime asked) {
  stage_.time.bound_at(asked + kTimeout, [callback, asked, effect = request.effect] {
    callback(lost(effect), asked);
  });
}

void Link::arrive(const Request& request, const std::string& target, const Callback& callback,
                  MonoTime asked, bool second, int life) {
  const auto mark = target.find('?');
  simulator::Request bytes;
  bytes.method = request.method;
  bytes.path = target.substr(0, mark);
  if (mark != target.npos) bytes.query = target.substr(mark + 1);
  if (request.auth != Request::Auth::open) bytes.api_key = kApiKey;
  if (stage_.trace.on()) {
    stage_.trace.line(fmt::format("  = {} {} {}", bytes.method, bytes.path,
                                  bytes.query.substr(0, bytes.query.find("&recvWindow"))));
  }
  truth_.before(request, bytes);
  const simulator::Reply reply = stage_.venue.handle(bytes, stage_.time.exchange_wall());
  truth_.after();
  stage_.something_happened();
  if (life != stage_.time.life()) return;  // whoever asked is dead
  const Duration back = stage_.way() + std::chrono::milliseconds(reply.delay_ms);
  const MonoTime there = stage_.time.now() + back;
  if (there > asked + kTimeout || stage_.strikes(Trouble::lost_answers)) {
    return lose(request, callback, asked);
  }
  stage_.time.bound_after(back, [this, request, reply, callback, asked, second] {
    answered(request, reply, callback, asked, second);
  });
}

void Link::learn(const simulator::Reply& reply) {
  budget_.answered(header(reply, "X-MBX-USED-WEIGHT-1M"), moment());
  order_budget_.answered(header(reply, "X-MBX-ORDER-COUNT-10S"),
                         header(reply, "X-MBX-ORDER-COUNT-1M"), stage_.time.now());
}

Error Link::error_of(const Request& request, const simulator::Reply& reply) {
  const binance::Moment now = moment();
  const std::string body = padded(reply.body);
  const auto wait = header(reply, "Retry-After");
  const Error error =
      binance::to_error({reply.status, std::string_view(body).substr(0, reply.body.size()),
                         wait ? std::to_string(*wait) : std::string()},
                        request.effect, now.exchange);
  if (reply.status == 418 || reply.status == 429) {
    budget_.refused(reply.status == 418, error.retry_after_s, now.mono);
  }
  if (error.code == binance::kTooManyOrders) order_budget_.refused(error.retry_after_s, now.mono);
  return error;
}

void Link::answered(const Request& request, const simulator::Reply& reply, const Callback& callback,
                    MonoTime asked, bool second) {
  if (reply.dropped) {
    const bool changes = request.effect == Effect::changes;
    return callback(error(changes ? ErrorKind::unknown : ErrorKind::unavailable,
                          "the connection was closed before the answer"),
                    asked);
  }
  learn(reply);
  if (reply.status >= 200 && reply.status < 300) {
    if (request.auth == Request::Auth::signed_) trouble_.reset();
    return callback(Body{padded(reply.body), reply.body.size()}, asked);
  }
  const Error error = error_of(request, reply);
  if (error.code == binance::kClockWrong && !second) {
    return read_clock([this, request, callback, error, asked](const std::optional<Error>& failed) {
      if (failed) return callback(error, asked);
      transmit(request, callback, true);
    });
  }
  const bool of_the_key = error.code == binance::kBadSignature ||
                          error.code == binance::kKeyMalformed ||
                          error.code == binance::kKeyRefused || error.code == -2017;
  if (of_the_key && request.path != binance::kOrderTestPath) trouble_ = error;
  callback(error, asked);
}

void Link::read_clock(std::function<void(std::optional<Error>)> done) {
  clock_waiters_.push_back(std::move(done));
  if (clock_waiters_.size() > 1) return;
  const Request request = binance::server_time_request();
  budget_.ask(request.weight, /*urgent=*/true, moment());
  send(request, [this, asked = stage_.time.ours()](const Result<Body>& answer, MonoTime) {
    std::optional<Error> failed;
    binance::Notes notes;
    WallTime server;
    if (!answer) {
      failed = answer.error();
    } else if (binance::decode_server_time(answer->view(), server, notes)) {
      clock_.learn(server, asked, stage_.time.ours());
    } else {
      failed = error(ErrorKind::invalid, "the exchange's time cannot be read: " + notes.reason());
    }
    for (const auto& waiter : std::exchange(clock_waiters_, {})) waiter(failed);
  });
}

model::Exchange Link::exchange() const {
  const binance::Moment now = moment();
  model::Exchange exchange;
  exchange.weight_limit = budget_.limit();
  exchange.weight_used = budget_.used(now);
  exchange.weight_ours = budget_.ours_in_minute(now);
  exchange.weight_others = budget_.others(now);
  exchange.weight_budget = budget_.share();
  exchange.clock_offset = clock_.offset();
  exchange.refused = binance::refusal_text(budget_.standing(now.mono), now);
  exchange.orders_10s = order_budget_.used_10s(now.mono);
  exchange.orders_1m = order_budget_.used_1m(now.mono);
  if (trouble_) exchange.trouble = trouble_->message;
  return exchange;
}

}  // namespace vakthund::sim
