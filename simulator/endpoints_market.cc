#include "simulator/endpoint.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

// One object for a symbol, a list for all.
template <class Shape>
Answer<std::string> one_or_all(Call& call, Shape shape) {
  if (call.params.find("symbol")) {
    const Answer<const Symbol*> symbol = symbol_of_call(call);
    if (!symbol) return symbol.error();
    return shape(**symbol).dump();
  }
  Json list = Json::array();
  for (const auto& [name, symbol] : call.exchange.symbols()) {
    if (!symbol.coin_margined) list.push_back(shape(symbol));
  }
  return list.dump();
}

}  // namespace

Answer<std::string> ping(Call&) { return std::string("{}"); }

Answer<std::string> time(Call& call) { return Json{{"serverTime", epoch_ms(call.now)}}.dump(); }

Answer<std::string> exchange_info(Call& call) { return call.exchange_info; }

Answer<std::string> premium_index(Call& call) {
  return one_or_all(call, [&](const Symbol& s) { return simulator::premium_index(s, call.now); });
}

Answer<std::string> ticker_price(Call& call) {
  return one_or_all(call, [&](const Symbol& s) {
    return Json{{"symbol", s.name},
                {"price", padded(s.last, s.price_precision)},
                {"time", epoch_ms(call.now)}};
  });
}

Answer<std::string> book_ticker(Call& call) {
  return one_or_all(call, [&](const Symbol& s) {
    return Json{{"symbol", s.name}, {"bidPrice", padded(minus(s.last, s.tick), s.price_precision)},
                {"bidQty", "10"},   {"askPrice", padded(s.last, s.price_precision)},
                {"askQty", "10"},   {"time", epoch_ms(call.now)}};
  });
}

}  // namespace vakthund::simulator::endpoints
