// markPriceUpdate and aggTrade. Source: binance.md §6 "Streams".
#include "watchdog/binance/frame_parts.h"

namespace vakthund::binance {
namespace {

namespace ondemand = simdjson::ondemand;
using Events = std::vector<guard::Event>;

// A tick's fields as tokens, straight from the parser: no row in between, since an array of all
// symbols comes every second.
struct TickTokens {
  std::string_view event, symbol, price, stamped, product;
};

bool read_tick(ondemand::object object, TickTokens& tick) {
  for (auto entry : object) {
    ondemand::field field;
    if (std::move(entry).get(field) != simdjson::SUCCESS) return false;
    const char* key = field.key().raw();
    if (key[0] == '"') continue;
    if (key[1] == '"') {
      switch (key[0]) {
        case 'e':
          tick.event = field.value().raw_json_token();
          break;
        case 's':
          tick.symbol = field.value().raw_json_token();
          break;
        case 'p':
          tick.price = field.value().raw_json_token();
          break;
        case 'E':
          tick.stamped = field.value().raw_json_token();
          break;
        default:
          break;
      }
    } else if (key[0] == 's' && key[1] == 't' && key[2] == '"') {
      tick.product = field.value().raw_json_token();
    }
  }
  return true;
}

// USD-margined, as far as the frame tells: 1 is USD-margined, 2 coin-margined.
bool is_usd_margined(std::string_view product) {
  return product.empty() || json::unquoted(product) == "1";
}

model::WallTime time_of(std::string_view token) {
  constexpr std::int64_t kLatestMs = 253'402'300'799'999;
  const auto ms = json::to_integer(token);
  return ms && *ms > 0 && *ms <= kLatestMs ? model::from_epoch_ms(*ms) : model::WallTime();
}

enum class TickState { good, passed_over, bad };

TickState make_tick(const TickTokens& tokens, guard::PriceTick& tick) {
  if (!is_usd_margined(tokens.product)) return TickState::passed_over;
  const auto price = json::to_decimal(tokens.price);
  std::string_view symbol = tokens.symbol;
  if (!price || price->sign() <= 0 || symbol.size() < 3 || symbol[0] != '"') return TickState::bad;
  if (symbol.find('\\') == std::string_view::npos) {
    symbol = json::unquoted(symbol);
    if (symbol.size() > json::kMaxText) return TickState::bad;
    tick.symbol.assign(symbol);
  } else {
    auto text = json::to_text(symbol);
    if (!text || text->empty()) return TickState::bad;
    tick.symbol = std::move(*text);
  }
  tick.price = *price;
  tick.stamped = time_of(tokens.stamped);
  return TickState::good;
}

TickTokens tokens_of(const json::Row& row, std::string_view time_key) {
  return {row.token("e"), row.token("s"), row.token("p"), row.token(time_key), row.token("st")};
}

void add_undecodable(Events& out, std::string what) {
  out.push_back(guard::Undecodable{model::Feed::market_stream, std::move(what)});
}

}  // namespace

bool decode_price_array(ondemand::array array, Events& out) {
  constexpr std::size_t kUsualSymbols = 800;
  thread_local std::size_t expected = 16;
  guard::MarkPrices prices;
  prices.ticks.reserve(std::min(expected, kUsualSymbols));
  int bad = 0;
  for (auto element : array) {
    ondemand::value value;
    if (std::move(element).get(value) != simdjson::SUCCESS) return false;
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
      ++bad;
      continue;
    }
    TickTokens tokens;
    if (!read_tick(object, tokens)) return false;
    if (json::unquoted(tokens.event) != "markPriceUpdate") {
      ++bad;
      continue;
    }
    guard::PriceTick& tick = prices.ticks.emplace_back();
    const TickState state = make_tick(tokens, tick);
    if (state != TickState::good) prices.ticks.pop_back();
    bad += state == TickState::bad;
  }
  expected = prices.ticks.size() + 16;
  if (!prices.ticks.empty()) out.push_back(std::move(prices));
  if (bad > 0) add_undecodable(out, std::to_string(bad) + " rows of an array of mark prices");
  return true;
}

FrameKind interpret_market(const EventParts& parts, Events& out) {
  const std::string_view event = json::unquoted(parts.top.token("e"));
  const bool mark = event == "markPriceUpdate";
  if (!mark && event != "aggTrade") {
    return parts.top.has("e") ? FrameKind::unknown_event : FrameKind::unreadable;
  }
  guard::PriceTick tick;
  switch (make_tick(tokens_of(parts.top, mark ? "E" : "T"), tick)) {
    case TickState::good:
      if (mark) {
        guard::MarkPrices prices;
        prices.ticks.push_back(std::move(tick));
        out.push_back(std::move(prices));
      } else {
        guard::LastPrices prices;
        prices.ticks.push_back(std::move(tick));
        out.push_back(std::move(prices));
      }
      break;
    case TickState::bad:
      add_undecodable(out, std::string(event) + ": symbol or price cannot be read");
      break;
    case TickState::passed_over:
      break;
  }
  return FrameKind::prices;
}

}  // namespace vakthund::binance
