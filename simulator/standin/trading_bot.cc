#include "simulator/standin/trading_bot.h"

#include <fmt/format.h>

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::json;

model::MaybeDecimal number(const Json& row, const char* name) {
  const auto at = row.find(name);
  if (at == row.end() || !at->is_string()) return std::nullopt;
  return model::Decimal::parse(at->get_ref<const std::string&>());
}

Belief belief_of(const Json& row) {
  Belief belief;
  belief.symbol = row.value("symbol", std::string());
  belief.quantity = number(row, "positionAmt").value_or(model::Decimal());
  belief.entry = number(row, "entryPrice").value_or(model::Decimal());
  belief.mark = number(row, "markPrice").value_or(belief.entry);
  belief.unrealized = number(row, "unRealizedProfit").value_or(model::Decimal());
  const auto liquidation = number(row, "liquidationPrice");
  if (liquidation && !liquidation->is_zero()) belief.liquidation = liquidation;
  return belief;
}

}  // namespace

TradingBot::TradingBot(net::Loop& loop, ExchangeClient* exchange, BotFace& face,
                       std::vector<ScriptStep> script, Callbacks callbacks)
    : loop_(loop),
      exchange_(exchange),
      face_(face),
      script_(std::move(script)),
      callbacks_(std::move(callbacks)),
      read_timer_(loop),
      claim_timer_(loop),
      script_timer_(loop) {}

void TradingBot::start() {
  started_ = net::Loop::now().mono;
  started_wall_ = progress_ = net::Loop::now().wall;
  read_positions();
  claim_timer_.after(kClaimInterval, [this] { claim(); });
  run_due_steps();
}

void TradingBot::read_positions(std::string entered) {
  if (!stalled_ && !stopped_) progress_ = net::Loop::now().wall;
  if (!exchange_) {
    read_timer_.after(kReadInterval, [this] { read_positions(); });
    return believe();
  }
  exchange_->call("GET", "/fapi/v3/positionRisk", {},
                  [this, entered = std::move(entered)](Result<ExchangeAnswer> answer) {
                    read_timer_.after(kReadInterval, [this] { read_positions(); });
                    if (answer && answer->body.is_array()) return keep(answer->body, entered);
                    callbacks_.print("⚠️ positions could not be read: " +
                                     (answer ? std::string("no list") : answer.error().message));
                  });
}

void TradingBot::keep(const Json& rows, const std::string& entered) {
  listed_.clear();
  for (const Json& row : rows) {
    if (!row.is_object()) continue;
    Belief belief = belief_of(row);
    if (!belief.quantity.is_zero()) listed_[belief.symbol] = std::move(belief);
  }
  believe(entered);
}

// The journal follows what it believes; a symbol that was just `entered` has a new entry even if it
// was open before.
void TradingBot::believe(const std::string& entered) {
  const bool first = positions_.empty();
  Beliefs now = listed_;
  for (const auto& [symbol, lie] : lies_) {
    if (lie.quantity.is_zero()) {
      now.erase(symbol);
    } else {
      now[symbol] = lie;
    }
  }
  for (const auto& [symbol, position] : now) {
    if (symbol == entered || !face_.has_open(symbol)) face_.opened(position);
  }
  for (const auto& [symbol, position] : positions_) {
    if (!now.contains(symbol) && face_.has_open(symbol)) {
      face_.closed(position, "position is gone");
    }
  }
  positions_ = std::move(now);
  if (first && !positions_.empty()) claim();
}

void TradingBot::claim() {
  for (const auto& [symbol, position] : positions_) {
    callbacks_.print(fmt::format("✅ {} already protected", symbol));
  }
  claim_timer_.after(kClaimInterval, [this] { claim(); });
}

void TradingBot::run_due_steps() {
  const auto now = net::Loop::now().mono;
  while (next_step_ < script_.size() && started_ + script_[next_step_].at <= now) {
    std::visit([this](const auto& what) { perform(what); }, script_[next_step_++].what);
  }
  if (next_step_ < script_.size()) {
    script_timer_.at(started_ + script_[next_step_].at, [this] { run_due_steps(); });
  }
}

net::HttpResponse TradingBot::control(const net::HttpRequest& request) {
  const std::string path = path_of(request);
  if (request.method == "POST" && path == "/sim/control") {
    const auto step = parse_one_step(request.body);
    if (!step) return json_reply(400, Json{{"error", step.error().message}}.dump());
    // Later: an exit must not come before its own answer.
    loop_.post(
        [this, what = step->what] { std::visit([this](const auto& one) { perform(one); }, what); });
    return json_reply(200, R"({"ok":true})");
  }
  if (request.method != "GET" || path != "/sim/state") {
    return json_reply(404, R"({"error":"no such control"})");
  }
  Json positions = Json::object();
  for (const auto& [symbol, p] : positions_) positions[symbol] = p.quantity.to_string();
  return json_reply(200, Json{{"positions", std::move(positions)},
                              {"stopped", stopped_},
                              {"entries_stopped", entries_stopped_},
                              {"stalled", stalled_},
                              {"requests", seen_}}
                             .dump());
}

void TradingBot::answer(const net::HttpRequest& request, net::Responder responder) {
  const std::string path = path_of(request);
  if (path.starts_with("/sim/")) return responder.send(control(request));
  seen_.push_back(request.method + " " + path);
  if (seen_.size() > kMaxSeen) seen_.pop_front();
  // Held until the server's limit of connections: a bot that hangs, not one that hangs up.
  if (silent_) return unanswered_.push_back(std::move(responder));
  const auto fault = faults_.next(path);
  if (fault && fault->kind == "drop") return;
  const BotState state{positions_, net::Loop::now().wall, started_wall_, progress_, stopped_};
  net::HttpResponse response = face_.answer(request, state, *this);
  if (!fault) return responder.send(std::move(response));
  response = fault->apply(std::move(response));
  if (fault->kind != "slow") return responder.send(std::move(response));
  answer_late(std::move(response), std::move(responder), fault->delay);
}

void TradingBot::answer_late(net::HttpResponse response, net::Responder responder,
                             model::Duration delay) {
  const std::uint64_t one = next_late_++;
  net::Timer& timer = late_.try_emplace(one, loop_).first->second;
  timer.after(delay, [this, one, responder, response = std::move(response)]() mutable {
    responder.send(std::move(response));
    loop_.post([this, one] { late_.erase(one); });
  });
}

}  // namespace vakthund::simulator::standin
