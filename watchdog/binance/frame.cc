#include "watchdog/binance/frame.h"

#include <algorithm>

#include "watchdog/binance/frame_parts.h"

namespace vakthund::binance {
namespace {

namespace ondemand = simdjson::ondemand;
using Events = std::vector<guard::Event>;

struct Reading {
  model::Feed feed;
  Events& out;
  FrameKind kind = FrameKind::unreadable;
};

FrameKind interpret(Reading& reading, EventParts& parts) {
  return reading.feed == model::Feed::market_stream ? interpret_market(parts, reading.out)
                                                    : interpret_private(parts, reading.out);
}

// What follows "data": one event, or an array of them. False: not JSON.
bool read_payload(ondemand::value& value, Reading& reading) {
  ondemand::array array;
  if (reading.feed == model::Feed::market_stream &&
      value.get_array().get(array) == simdjson::SUCCESS) {
    reading.kind = FrameKind::prices;
    return decode_price_array(array, reading.out);
  }
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return true;
  EventParts parts;
  if (!capture_event(object, parts, nullptr)) return false;
  reading.kind = interpret(reading, parts);
  return true;
}

// A subscription's answer: {"result":null,"id":1}, {"error":{…},"id":1} or {"code":2,"msg":"…"}.
FrameKind interpret_reply(const json::Row& top) {
  if (top.has("error") || top.has("code")) return FrameKind::refusal;
  return top.has("result") || top.has("id") ? FrameKind::ack : FrameKind::unreadable;
}

bool read_object(ondemand::document& document, Reading& reading) {
  ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;
  EventParts parts;
  bool wrapped = false;
  const bool whole = capture_event(object, parts, [&](ondemand::value& data) {
    wrapped = true;
    return read_payload(data, reading);
  });
  if (!whole) return false;
  if (wrapped) return true;
  reading.kind = parts.top.has("e") ? interpret(reading, parts) : interpret_reply(parts.top);
  return true;
}

bool read_frame(std::string_view padded, Reading& reading, Notes& notes) {
  ondemand::document document;
  if (!json::open(padded, document, notes)) return false;
  const auto start = padded.find_first_not_of(" \t\r\n");
  bool whole = false;
  if (start != std::string_view::npos && padded[start] == '[') {
    ondemand::array array;
    reading.kind = FrameKind::prices;
    whole = reading.feed == model::Feed::market_stream &&
            document.get_array().get(array) == simdjson::SUCCESS &&
            decode_price_array(array, reading.out);
  } else {
    whole = read_object(document, reading);
  }
  return whole && json::at_end(document);
}

FrameKind decode_frame(std::string_view padded, model::Feed feed, Events& out) {
  const std::size_t before = out.size();
  Reading reading{feed, out};
  Notes notes;
  if (!read_frame(padded, reading, notes)) {
    // Half a frame is no fact.
    out.resize(before, guard::StreamAlive{});
    reading.kind = FrameKind::unreadable;
  }
  if (reading.kind == FrameKind::unreadable) {
    out.push_back(guard::Undecodable{
        feed, "a frame of " + std::to_string(padded.size()) + " bytes is not one that is known"});
  }
  const bool told = std::any_of(
      out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
      [](const guard::Event& event) { return !std::holds_alternative<guard::Undecodable>(event); });
  if (!told) out.push_back(guard::StreamAlive{feed});
  return reading.kind;
}

}  // namespace

std::string_view to_string(FrameKind kind) {
  static constexpr std::string_view kNames[kFrameKinds] = {
      "prices",      "account",  "order",         "trade_lite",
      "margin_call", "leverage", "settings",      "listen_key_expired",
      "ack",         "refusal",  "unknown_event", "unreadable"};
  return kNames[static_cast<std::size_t>(kind)];
}

FrameKind decode_market_frame(std::string_view padded, Events& out) {
  return decode_frame(padded, model::Feed::market_stream, out);
}

FrameKind decode_private_frame(std::string_view padded, Events& out) {
  return decode_frame(padded, model::Feed::private_stream, out);
}

}  // namespace vakthund::binance
