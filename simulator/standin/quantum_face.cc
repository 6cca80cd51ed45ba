#include "simulator/standin/quantum_face.h"

#include <algorithm>
#include <charconv>

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::json;

TradeRow row_of(const Belief& position, const char* status, const std::string& reason) {
  return {position.symbol,
          position.quantity.sign() < 0 ? "SELL" : "BUY",
          position.quantity.abs().to_string(),
          position.entry.to_string(),
          status,
          reason};
}

int limit_of(std::string_view target) {
  const auto at = target.find("limit=");
  int limit = 50;
  if (at != target.npos) {
    std::from_chars(target.data() + at + 6, target.data() + target.size(), limit);
  }
  return std::clamp(limit, 1, 500);
}

Json list_of(const Beliefs& positions) {
  auto list = Json::array();
  for (const auto& [symbol, p] : positions) {
    list.push_back({{"symbol", symbol},
                    {"positionAmt", p.quantity.to_string()},
                    {"entryPrice", p.entry.to_string()},
                    {"markPrice", p.mark.to_string()},
                    {"unrealizedProfit", p.unrealized.to_string()}});
  }
  return {{"positions", list}};
}

}  // namespace

void QuantumFace::opened(const Belief& position) {
  journal_.write(row_of(position, "FILLED", "entry"));
}

void QuantumFace::closed(const Belief& position, const std::string& reason) {
  journal_.write(row_of(position, "CLOSED", reason));
}

void QuantumFace::write(const Fields& row) {
  journal_.write({field(row, "symbol"), field(row, "side"), field(row, "qty"), field(row, "price"),
                  field(row, "status", "FILLED"), "script"});
}

net::HttpResponse QuantumFace::answer(const net::HttpRequest& request, const BotState& state,
                                      BotControl&) {
  const std::string path = path_of(request);
  if (path == "/health") {
    return json_reply(200, Json{{"status", "ok"}, {"positions", state.positions.size()}}.dump());
  }
  if (path == "/api/positions") return json_reply(200, list_of(state.positions).dump());
  if (path == "/trade_logs") {
    return json_reply(200, journal_.logs(limit_of(request.target)).dump());
  }
  return json_reply(404, R"({"detail":"Not Found"})");
}

}  // namespace vakthund::simulator::standin
