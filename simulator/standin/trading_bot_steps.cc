// What the stand-in bot's steps do, and what its pages make it do.
#include <fmt/format.h>

#include "simulator/standin/trading_bot.h"

namespace vakthund::simulator::standin {

void TradingBot::perform(const LogStep& step) { callbacks_.print(step.text); }

void TradingBot::perform(const CancelStopsStep& step) {
  if (!exchange_) return callbacks_.print("⚠️ there is no exchange");
  for (const std::string& symbol : step.symbols) {
    exchange_->call("DELETE", "/fapi/v1/algoOpenOrders", {{"symbol", symbol}},
                    [this, symbol](Result<ExchangeAnswer> answer) {
                      callbacks_.print(answer ? "🗑️ cancelled stops of " + symbol
                                              : "⚠️ cancelling stops of " + symbol + ": " +
                                                    answer.error().message);
                    });
  }
}

void TradingBot::perform(const PlaceStep& step) {
  order(step.algo ? "/fapi/v1/algoOrder" : "/fapi/v1/order", step.params, false);
}

void TradingBot::perform(const OpenStep& step) {
  const std::string symbol = field(step.params, "symbol");
  if (stopped_ || entries_stopped_) {
    return callbacks_.print("⏸️ no entries any more: " + symbol);
  }
  Fields params = step.params;
  params["type"] = "MARKET";
  order("/fapi/v1/order", params, true);
}

void TradingBot::perform(const JournalStep& step) { face_.write(step.row); }

void TradingBot::perform(const BelieveStep& step) {
  const auto number = [&](const char* name) {
    return model::Decimal::parse(field(step.position, name));
  };
  Belief lie;
  lie.symbol = field(step.position, "symbol");
  lie.quantity = number("quantity").value_or(model::Decimal());
  lie.entry = lie.mark = number("entry").value_or(model::Decimal());
  lie.stop = number("stop");
  lies_[lie.symbol] = std::move(lie);
  believe();
}

void TradingBot::perform(const TruthStep&) {
  lies_.clear();
  believe();
}

void TradingBot::perform(const StallStep& step) { stalled_ = step.stall; }

void TradingBot::perform(const HttpStep& step) {
  if (auto fault = HttpFault::parse(step.fault)) faults_.add(*std::move(fault));
}

void TradingBot::perform(const ClearStep& step) { faults_.clear(step.kind); }

void TradingBot::perform(const ExpireTokensStep&) { face_.expire_tokens(); }

void TradingBot::perform(const ReplaceJournalStep&) {
  face_.replace_journal();
  for (const auto& [symbol, position] : positions_) face_.opened(position);
}

void TradingBot::perform(const IgnoreSigtermStep& step) { ignores_sigterm_ = step.ignore; }

void TradingBot::perform(const SilentStep& step) {
  silent_ = step.silent;
  if (!silent_) unanswered_.clear();
}

void TradingBot::perform(const ExitStep& step) { callbacks_.exit(step.code); }

void TradingBot::order(const std::string& path, const Fields& params, bool is_entry) {
  const auto name = fmt::format("{} {} {}", field(params, "type"), field(params, "side"),
                                field(params, "symbol"));
  if (!exchange_) return callbacks_.print("❌ order " + name + ": there is no exchange");
  const ExchangeClient::Params sent(params.begin(), params.end());
  exchange_->call(
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

void TradingBot::stop_entries() {
  entries_stopped_ = true;
  callbacks_.print("⏸️ no more entries");
}

void TradingBot::stop() {
  stopped_ = true;
  callbacks_.print("⏹️ stopped");
}

void TradingBot::close(const std::string& symbol) {
  const auto held = positions_.find(symbol);
  if (held == positions_.end()) return;
  order("/fapi/v1/order",
        {{"symbol", symbol},
         {"side", held->second.quantity.sign() > 0 ? "SELL" : "BUY"},
         {"type", "MARKET"},
         {"quantity", held->second.quantity.abs().to_string()},
         {"reduceOnly", "true"}},
        false);
}

}  // namespace vakthund::simulator::standin
