#include "simulator/standin/trading_bot.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <type_traits>

#include "rules/model/decimal.h"

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::json;

std::string text(const Json& row, const char* name) {
  const auto at = row.find(name);
  return at != row.end() && at->is_string() ? at->get<std::string>() : std::string("0");
}
model::Decimal amount(const Json& row) {
  return model::Decimal::parse(text(row, "positionAmt")).value_or(model::Decimal());
}

TradeRow row_of(const std::string& symbol, const Json& position, const char* status,
                const char* reason) {
  const auto quantity = amount(position);
  return {symbol,
          quantity.sign() < 0 ? "SELL" : "BUY",
          quantity.abs().to_string(),
          text(position, "entryPrice"),
          status,
          reason};
}

std::string field(const Fields& fields, const char* name, std::string otherwise = {}) {
  const auto at = fields.find(name);
  return at == fields.end() ? std::move(otherwise) : at->second;
}

net::HttpResponse reply(int status, const Json& body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = body.dump();
  return response;
}

int limit_of(std::string_view target) {
  const auto at = target.find("limit=");
  int limit = 50;
  if (at != target.npos) {
    std::from_chars(target.data() + at + 6, target.data() + target.size(), limit);
  }
  return std::clamp(limit, 1, 500);
}

}  // namespace

TradingBot::TradingBot(net::Loop& loop, ExchangeClient& exchange, BotJournal& journal,
                       std::vector<ScriptStep> script, Callbacks callbacks)
    : loop_(loop),
      exchange_(exchange),
      journal_(journal),
      script_(std::move(script)),
      callbacks_(std::move(callbacks)),
      read_timer_(loop),
      claim_timer_(loop),
      script_timer_(loop) {}

void TradingBot::start() {
  started_ = net::Loop::now().mono;
  read_positions();
  claim_timer_.after(kClaimInterval, [this] { claim(); });
  run_due_steps();
}

void TradingBot::read_positions(std::string entered) {
  exchange_.call("GET", "/fapi/v3/positionRisk", {},
                 [this, entered = std::move(entered)](Result<ExchangeAnswer> answer) {
                   read_timer_.after(kReadInterval, [this] { read_positions(); });
                   if (answer && answer->body.is_array()) return keep(answer->body, entered);
                   callbacks_.print("⚠️ positions could not be read: " +
                                    (answer ? std::string("no list") : answer.error().message));
                 });
}

void TradingBot::keep(const Json& rows, const std::string& entered) {
  const bool first = positions_.empty();
  std::map<std::string, Json> now;
  for (const Json& row : rows) {
    if (row.is_object() && !amount(row).is_zero()) now[text(row, "symbol")] = row;
  }
  for (const auto& [symbol, row] : now) {
    if (symbol == entered || !journal_.has_open(symbol)) {
      journal_.write(row_of(symbol, row, "FILLED", "entry"));
    }
  }
  for (const auto& [symbol, row] : positions_) {
    if (!now.contains(symbol) && journal_.has_open(symbol)) {
      journal_.write(row_of(symbol, row, "CLOSED", "position is gone"));
    }
  }
  positions_ = std::move(now);
  if (first && !positions_.empty()) claim();
}

void TradingBot::claim() {
  for (const auto& [symbol, row] : positions_) {
    callbacks_.print(fmt::format("✅ {} already protected", symbol));
  }
  claim_timer_.after(kClaimInterval, [this] { claim(); });
}

void TradingBot::run_due_steps() {
  const auto now = net::Loop::now().mono;
  while (next_step_ < script_.size() && started_ + script_[next_step_].at <= now) {
    perform(script_[next_step_++]);
  }
  if (next_step_ < script_.size()) {
    script_timer_.at(started_ + script_[next_step_].at, [this] { run_due_steps(); });
  }
}

void TradingBot::perform(const ScriptStep& step) {
  std::visit(
      [this](const auto& what) {
        using Step = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<Step, LogStep>) {
          callbacks_.print(what.text);
        } else if constexpr (std::is_same_v<Step, CancelStopsStep>) {
          for (const std::string& symbol : what.symbols) {
            exchange_.call("DELETE", "/fapi/v1/algoOpenOrders", {{"symbol", symbol}},
                           [this, symbol](Result<ExchangeAnswer> answer) {
                             callbacks_.print(answer ? "🗑️ cancelled stops of " + symbol
                                                     : "⚠️ cancelling stops of " + symbol + ": " +
                                                           answer.error().message);
                           });
          }
        } else if constexpr (std::is_same_v<Step, PlaceStep>) {
          order(what.algo ? "/fapi/v1/algoOrder" : "/fapi/v1/order", what.params, false);
        } else if constexpr (std::is_same_v<Step, OpenStep>) {
          Fields params = what.params;
          params["type"] = "MARKET";
          order("/fapi/v1/order", params, true);
        } else if constexpr (std::is_same_v<Step, JournalStep>) {
          journal_.write({field(what.row, "symbol"), field(what.row, "side"),
                          field(what.row, "qty"), field(what.row, "price"),
                          field(what.row, "status", "FILLED"), "script"});
        } else if constexpr (std::is_same_v<Step, IgnoreSigtermStep>) {
          ignores_sigterm_ = what.ignore;
        } else if constexpr (std::is_same_v<Step, SilentStep>) {
          silent_ = what.silent;
        } else {
          callbacks_.exit(what.code);
        }
      },
      step.what);
}

void TradingBot::order(const std::string& path, const Fields& params, bool is_entry) {
  const ExchangeClient::Params sent(params.begin(), params.end());
  const auto name = fmt::format("{} {} {}", field(params, "type"), field(params, "side"),
                                field(params, "symbol"));
  exchange_.call(
      "POST", path, sent,
      [this, name, is_entry, symbol = field(params, "symbol")](Result<ExchangeAnswer> answer) {
        if (!answer) {
          callbacks_.print(fmt::format("❌ order {}: APIError({})", name, answer.error().message));
          return;
        }
        callbacks_.print("📈 order " + name + " placed");
        if (is_entry) read_positions(symbol);
      });
}

Json TradingBot::positions() const {
  auto list = Json::array();
  for (const auto& [symbol, row] : positions_) {
    list.push_back({{"symbol", symbol},
                    {"positionAmt", text(row, "positionAmt")},
                    {"entryPrice", text(row, "entryPrice")},
                    {"markPrice", text(row, "markPrice")},
                    {"unrealizedProfit", text(row, "unRealizedProfit")}});
  }
  return {{"positions", list}};
}

void TradingBot::answer(const net::HttpRequest& request, net::Responder responder) {
  // Held until the server's limit of connections: a bot that hangs, not one that hangs up.
  if (silent_) return unanswered_.push_back(std::move(responder));
  const auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/health") {
    return responder.send(reply(200, {{"status", "ok"}, {"positions", positions_.size()}}));
  }
  if (path == "/api/positions") return responder.send(reply(200, positions()));
  if (path == "/trade_logs") {
    return responder.send(reply(200, journal_.logs(limit_of(request.target))));
  }
  responder.send(reply(404, {{"detail", "Not Found"}}));
}

}  // namespace vakthund::simulator::standin
