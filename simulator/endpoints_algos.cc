// Conditional orders. Source: binance.md §5.
#include "simulator/endpoint.h"
#include "simulator/reply_shapes.h"

namespace vakthund::simulator::endpoints {
namespace {

struct Which {
  std::int64_t id = 0;
  std::string client_id;
};

Answer<Which> which_algo(const Call& call) {
  const auto id = call.params.integer("algoId");
  if (!id) return id.error();
  Which which{id->value_or(0), {}};
  if (!*id) which.client_id = call.params.text("clientAlgoId");
  if (!*id && which.client_id.empty()) return missing_parameter("algoId");
  return which;
}

}  // namespace

Answer<std::string> place_algo(Call& call) {
  const Answer<OrderRequest> request = parse_algo(call.params);
  if (!request) return request.error();
  const Answer<AlgoOrder> algo = call.exchange.place_algo(*call.account, *request, call.now);
  if (!algo) return algo.error();
  return placed_algo(*algo, *call.exchange.symbol(algo->symbol)).dump();
}

Answer<std::string> get_algo(Call& call) {
  const Answer<Which> which = which_algo(call);
  if (!which) return which.error();
  const AlgoOrder* algo = call.exchange.find_algo(*call.account, which->id, which->client_id);
  const bool too_young = algo && epoch_ms(call.now) - epoch_ms(algo->created) < call.order_lag_ms;
  if (!algo || too_young) return refusal(-2013);
  return listed_algo(*algo, *call.exchange.symbol(algo->symbol), true).dump();
}

Answer<std::string> cancel_algo(Call& call) {
  const Answer<Which> which = which_algo(call);
  if (!which) return which.error();
  const Answer<AlgoOrder> algo =
      call.exchange.cancel_algo(*call.account, which->id, which->client_id, call.now);
  if (!algo) return algo.error();
  return Json{
      {"algoId", algo->id}, {"clientAlgoId", algo->client_id}, {"code", "200"}, {"msg", "success"}}
      .dump();
}

Answer<std::string> open_algos(Call& call) {
  const std::string symbol = call.params.text("symbol");
  const auto wanted = call.params.integer("algoId");
  if (!wanted) return wanted.error();
  Json list = Json::array();
  for (const std::int64_t id : call.account->open_algos) {
    const AlgoOrder& algo = call.account->algos.at(id);
    if ((!symbol.empty() && algo.symbol != symbol) || (*wanted && id != **wanted)) continue;
    list.push_back(listed_algo(algo, *call.exchange.symbol(algo.symbol), false));
  }
  return list.dump();
}

Answer<std::string> cancel_all_algos(Call& call) {
  const Answer<const Symbol*> symbol = symbol_of_call(call);
  if (!symbol) return symbol.error();
  call.exchange.cancel_all_algos(*call.account, (*symbol)->name, call.now);
  return Json{{"code", 200}, {"msg", "The operation of cancel all open order is done."}}.dump();
}

}  // namespace vakthund::simulator::endpoints
