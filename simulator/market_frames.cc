#include "simulator/market_frames.h"

#include <fmt/format.h>

#include "simulator/reply_shapes.h"

namespace vakthund::simulator {
namespace {

int market_of(const Symbol& s) { return s.coin_margined ? 2 : 1; }

std::string mark_price(const Symbol& s, WallTime now) {
  const std::string mark = s.mark.to_fixed(8);
  return fmt::format(
      R"({{"e":"markPriceUpdate","E":{},"s":"{}","p":"{}","i":"{}","P":"{}","r":"{}","ap":"{}","T":{},"st":{}}})",
      epoch_ms(now), s.name, mark, mark, mark, s.funding_rate.to_fixed(8), mark,
      next_funding_ms(now), market_of(s));
}

std::string agg_trade(const Symbol& s, WallTime now, std::uint64_t sequence) {
  const std::int64_t ms = epoch_ms(now);
  return fmt::format(
      R"({{"e":"aggTrade","E":{},"a":{},"s":"{}","p":"{}","q":"1","nq":"1","f":{},"l":{},"T":{},"m":true,"st":{}}})",
      ms, 3476465318 + sequence, s.name, padded(s.last, s.price_precision), 8149533714 + sequence,
      8149533714 + sequence, ms, market_of(s));
}

std::string book_ticker(const Symbol& s, WallTime now, std::uint64_t sequence) {
  const std::int64_t ms = epoch_ms(now);
  return fmt::format(
      R"({{"e":"bookTicker","u":{},"s":"{}","ps":"{}","b":"{}","B":"10","a":"{}","A":"10","T":{},"E":{},"st":{}}})",
      11747004261523 + sequence, s.name, s.pair, padded(minus(s.last, s.tick), s.price_precision),
      padded(s.last, s.price_precision), ms, ms, market_of(s));
}

std::string mini_ticker(const Symbol& s, WallTime now) {
  const std::string last = padded(s.last, s.price_precision);
  return fmt::format(
      R"({{"e":"24hrMiniTicker","E":{},"s":"{}","ps":"{}","c":"{}","o":"{}","h":"{}","l":"{}","v":"1000","q":"1000","st":{}}})",
      epoch_ms(now), s.name, s.pair, last, last, last, last, market_of(s));
}

template <class Wanted, class Frame>
std::string array_of(const Exchange& exchange, Wanted wanted, Frame frame) {
  std::string text = "[";
  for (const auto& [name, symbol] : exchange.symbols()) {
    if (!wanted(symbol)) continue;
    if (text.size() > 1) text += ',';
    text += frame(symbol);
  }
  return text += ']';
}

}  // namespace

bool is_public(StreamKind kind) {
  return kind == StreamKind::book_ticker || kind == StreamKind::book_ticker_all;
}

StreamName parse_stream_name(std::string_view name) {
  if (name == "!markPrice@arr@1s") return {StreamKind::mark_price_array, {}, 1};
  if (name == "!markPrice@arr") return {StreamKind::mark_price_array, {}, 3};
  if (name == "!miniTicker@arr") return {StreamKind::mini_ticker_array, {}, 1};
  if (name == "!bookTicker") return {StreamKind::book_ticker_all, {}, 1};
  const auto at = name.find('@');
  if (at == name.npos) return {};
  const std::string_view what = name.substr(at + 1);
  StreamName parsed;
  for (const char c : name.substr(0, at)) {
    parsed.symbol += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (what == "markPrice@1s" || what == "markPrice") {
    parsed.kind = StreamKind::mark_price;
    parsed.every_seconds = what == "markPrice" ? 3 : 1;
  }
  if (what == "aggTrade") parsed.kind = StreamKind::agg_trade;
  if (what == "miniTicker") parsed.kind = StreamKind::mini_ticker;
  if (what == "bookTicker") parsed.kind = StreamKind::book_ticker;
  return parsed;
}

std::vector<std::string> frames(const StreamName& name, const Exchange& exchange, WallTime now,
                                std::uint64_t sequence) {
  const auto mark = [&](const Symbol& s) { return mark_price(s, now); };
  if (name.kind == StreamKind::mark_price_array) {
    const auto tradfi = [](const Symbol& s) { return s.contract_type == "TRADIFI_PERPETUAL"; };
    std::vector<std::string> both{
        array_of(exchange, [&](const Symbol& s) { return !tradfi(s); }, mark)};
    std::string others = array_of(exchange, tradfi, mark);
    if (others != "[]") both.push_back(std::move(others));
    return both;
  }
  if (name.kind == StreamKind::mini_ticker_array) {
    return {array_of(
        exchange, [](const Symbol&) { return true; },
        [&](const Symbol& s) { return mini_ticker(s, now); })};
  }
  if (name.kind == StreamKind::book_ticker_all) {
    std::vector<std::string> all;
    for (const auto& [ignored, s] : exchange.symbols()) {
      all.push_back(book_ticker(s, now, sequence));
    }
    return all;
  }
  const Symbol* s = exchange.symbol(name.symbol);
  if (!s) return {};
  switch (name.kind) {
    case StreamKind::mark_price:
      return {mark_price(*s, now)};
    case StreamKind::agg_trade:
      return {agg_trade(*s, now, sequence)};
    case StreamKind::mini_ticker:
      return {mini_ticker(*s, now)};
    case StreamKind::book_ticker:
      return {book_ticker(*s, now, sequence)};
    default:
      return {};
  }
}

}  // namespace vakthund::simulator
