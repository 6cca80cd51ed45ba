// The faults that stand between a request and its reply. Source: binance.md §8 (HTTP table, -1008
// exemption), §12.
#include <algorithm>

#include "simulator/venue.h"

namespace vakthund::simulator {
namespace {

constexpr std::string_view kFailing[] = {"drop",    "unknown_error", "unavailable",  "throttled",
                                         "timeout", "order_limit",   "rate_limited", "banned",
                                         "error",   "html",          "reply"};

bool is_true(const Params& params, std::string_view name) { return params.text(name) == "true"; }

bool reduces(const Params& params) {
  const std::string side = params.text("positionSide"), order = params.text("side");
  return is_true(params, "reduceOnly") || is_true(params, "closePosition") ||
         (side == "LONG" && order == "SELL") || (side == "SHORT" && order == "BUY");
}

// Throttling is for new orders, and reducing ones are exempt (§8).
bool exempt_from_throttling(const Request& request, const Params& params) {
  const bool new_order =
      request.method == "POST" && (request.path.find("rder") != std::string::npos);
  if (!new_order) return true;
  const std::string* batch = params.find("batchOrders");
  if (!batch) return reduces(params);
  const Json list = Json::parse(*batch, nullptr, false);
  if (!list.is_array()) return false;
  return std::all_of(list.begin(), list.end(), [](const Json& one) {
    Params each;
    if (!one.is_object()) return false;
    for (const auto& [name, value] : one.items()) {
      if (value.is_string()) each.add(name, value.get<std::string>());
    }
    return reduces(each);
  });
}

bool active(const Fault& fault, WallTime now) {
  return fault.count != 0 && (!fault.until || now < *fault.until);
}

Reply json_reply(const Refusal& refusal) {
  Reply reply;
  reply.status = refusal.http;
  reply.body = refusal.body();
  if (refusal.retry_after_s > 0) {
    reply.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after_s));
  }
  return reply;
}

Refusal with_http(Refusal refusal, int http, int retry_after_s = 0) {
  refusal.http = http;
  refusal.retry_after_s = retry_after_s;
  return refusal;
}

}  // namespace

WallTime Venue::exchange_time(WallTime now) const {
  for (const Fault& fault : faults_) {
    if (fault.kind == "clock_skew" && active(fault, now)) {
      return now + std::chrono::milliseconds(fault.ms);
    }
  }
  return now;
}

std::string Venue::add_fault(Fault fault, WallTime now) {
  if (const auto why = why_unusable(fault)) return *why;
  if (faults_.size() >= kMaxFaults) return "there are 200 faults already";
  if (fault.kind == "read_lag") lagging_ = exchange_.accounts();
  if (fault.kind == "banned") {
    limits_.ban_until(exchange_time(now) +
                      std::chrono::milliseconds(fault.ms > 0 ? fault.ms : RateLimits::kBanMs));
    return {};
  }
  faults_.push_back(std::move(fault));
  return {};
}

void Venue::clear_faults(std::string_view kind) {
  if (kind.empty() || kind == "banned") limits_.lift_ban();
  std::erase_if(faults_, [&](const Fault& fault) { return kind.empty() || fault.kind == kind; });
}

bool Venue::standing(std::string_view kind, std::string_view style, WallTime now) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return fault.kind == kind && active(fault, now) &&
           (style.empty() || fault.style == style || fault.style == "all");
  });
}

bool Venue::market_silent(WallTime now) const { return standing("silent_streams", "market", now); }
bool Venue::private_silent(WallTime now) const {
  return standing("silent_streams", "private", now);
}
std::string Venue::stream_text(const UserEvent& event, WallTime now) {
  const Fault* fault = next_fault("garble_streams", event.type, event.account, exchange_time(now));
  return fault ? garbled(event.text, fault->style, dice_()) : event.text;
}
bool Venue::streams_refused(WallTime now) const { return standing("refuse_streams", {}, now); }

Fault* Venue::next_fault(std::string_view kind, const std::string& name, const std::string& account,
                         WallTime now) {
  for (Fault& fault : faults_) {
    if (fault.kind != kind || !active(fault, now)) continue;
    if (!glob_matches(fault.match, name)) continue;
    if (!fault.account.empty() && fault.account != account) continue;
    const Decimal roll = Decimal::from_units(static_cast<std::int64_t>(dice_() % Decimal::kOne));
    if (roll >= fault.probability) continue;
    if (fault.count > 0) --fault.count;
    return &fault;
  }
  return nullptr;
}

std::optional<Reply> Venue::fail(const Request& request, const Params& params, const Caller& caller,
                                 const std::string& name, const Endpoint* endpoint, WallTime now) {
  const std::string account = caller.account ? caller.account->name : std::string();
  for (const std::string_view kind : kFailing) {
    if (kind == "throttled" && exempt_from_throttling(request, params)) continue;
    const Fault* fault = next_fault(kind, name, account, now);
    if (!fault) continue;
    if (fault->executed) answer(request, params, caller, endpoint, now);
    return failure(*fault, now);
  }
  return std::nullopt;
}

Reply Venue::failure(const Fault& fault, WallTime) {
  Reply reply;
  if (fault.kind == "drop") {
    reply.dropped = true;
  } else if (fault.kind == "unknown_error") {
    reply.status = 503;
    reply.body = R"({"msg":"Unknown error, please check your request or try again later."})";
  } else if (fault.kind == "unavailable") {
    reply.status = 503;
    reply.content_type = "text/plain";
    reply.body = "Service Unavailable.";
  } else if (fault.kind == "html") {
    reply.status = fault.http;
    reply.content_type = "text/html";
    reply.body = "<html><head><title>Error</title></head><body><h1>Bad gateway</h1></body></html>";
  } else if (fault.kind == "reply") {
    reply.status = fault.http;
    reply.body = fault.message;
  } else if (fault.kind == "throttled") {
    reply = json_reply(with_http(refusal(-1008), 503));
  } else if (fault.kind == "timeout") {
    reply = json_reply(with_http(refusal(-1007), 408));
  } else if (fault.kind == "order_limit") {
    reply = json_reply(with_http(refusal(-1015, "300 orders per TEN_SECONDS"), 429));
  } else if (fault.kind == "rate_limited") {
    reply = json_reply(with_http(refusal(-1003, "2400"), 429, fault.retry_after_s));
  } else {
    Refusal chosen = refusal(fault.code);
    if (!fault.message.empty()) chosen.message = fault.message;
    reply = json_reply(with_http(std::move(chosen), fault.http));
  }
  return reply;
}

}  // namespace vakthund::simulator
