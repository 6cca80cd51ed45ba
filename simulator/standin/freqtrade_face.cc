#include "simulator/standin/freqtrade_face.h"

#include <nlohmann/json.hpp>

#include "watchdog/net/loop.h"

namespace vakthund::simulator::standin {
namespace {

using Json = nlohmann::ordered_json;
using model::Decimal;

constexpr const char* kSpotPair = "ADA/USDT";

Json or_null(const model::MaybeDecimal& value) {
  return value ? Json(value->to_double()) : Json(nullptr);
}

net::HttpResponse say(int status, const Json& body) { return json_reply(status, body.dump()); }
net::HttpResponse detail(int status, const char* what) { return say(status, {{"detail", what}}); }

// "2025-11-20 01:23:00"
std::string date(model::WallTime time) { return sql_time(time).substr(0, 19); }

Json order_of(const std::string& pair, const char* side, const char* type, Decimal amount,
              Decimal price, bool open, model::WallTime at) {
  const std::int64_t ms = model::epoch_ms(at);
  return {{"pair", pair},
          {"order_id", std::to_string(8'389'765'739'000'000 + ms % 1'000'000)},
          {"status", open ? "open" : "closed"},
          {"remaining", open ? amount.to_double() : 0.0},
          {"amount", amount.to_double()},
          {"safe_price", price.to_double()},
          {"cost", (amount * price).value_or(Decimal()).to_double()},
          {"filled", open ? 0.0 : amount.to_double()},
          {"ft_order_side", side},
          {"order_type", type},
          {"is_open", open},
          {"order_timestamp", ms},
          {"order_filled_timestamp", open ? Json(nullptr) : Json(ms)}};
}

struct Trade {
  std::string pair;
  Belief belief;
  Decimal stop;
  std::int64_t id;
  int leverage;
};

Json trade_of(const Trade& t, model::WallTime opened) {
  const Belief& p = t.belief;
  const bool is_short = p.quantity.sign() < 0;
  const Decimal size = p.quantity.abs();
  const double distance = p.entry.is_zero() ? 0.0 : t.stop.to_double() / p.entry.to_double() - 1;
  Json trade{{"trade_id", t.id},
             {"pair", t.pair},
             {"base_currency", t.pair.substr(0, t.pair.find('/'))},
             {"quote_currency", "USDT"},
             {"is_open", true},
             {"is_short", is_short},
             {"exchange", "binance"},
             {"amount", size.to_double()},
             {"amount_requested", size.to_double()},
             {"stake_amount", (size * p.entry).value_or(Decimal()).to_double() / t.leverage},
             {"strategy", "StandInStrategy"},
             {"enter_tag", "stand_in"},
             {"timeframe", 5},
             {"open_date", date(opened)},
             {"open_timestamp", model::epoch_ms(opened)},
             {"open_rate", p.entry.to_double()},
             {"open_trade_value", (size * p.entry).value_or(Decimal()).to_double()},
             {"close_date", nullptr},
             {"close_rate", nullptr},
             {"profit_abs", p.unrealized.to_double()},
             {"realized_profit", 0.0},
             {"exit_reason", nullptr},
             {"stop_loss_abs", t.stop.to_double()},
             {"stop_loss_ratio", distance},
             {"initial_stop_loss_abs", t.stop.to_double()},
             {"current_rate", p.mark.to_double()},
             {"has_open_orders", true},
             {"leverage", static_cast<double>(t.leverage)},
             {"liquidation_price", or_null(p.liquidation)},
             {"funding_fees", 0.0},
             {"trading_mode", t.pair.find(':') == std::string::npos ? "spot" : "futures"},
             {"nr_of_successful_entries", 1},
             {"custom_data", {{"note", Json::array({1, nullptr})}}}};
  trade["orders"] = Json::array(
      {order_of(t.pair, is_short ? "sell" : "buy", "market", size, p.entry, false, opened),
       order_of(t.pair, "stoploss", "stop_market", size, t.stop, true, opened)});
  return trade;
}

FreqtradeRow spot_row() {
  FreqtradeRow row;
  row.pair = kSpotPair;
  row.amount = Decimal::whole(100);
  row.open_rate = Decimal::from_units(45'000'000);
  row.stop_loss = Decimal::from_units(40'000'000);
  return row;
}

}  // namespace

std::string freqtrade_pair(const std::string& symbol) {
  for (const std::string quote : {"USDT", "USDC"}) {
    if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
      return symbol.substr(0, symbol.size() - quote.size()) + "/" + quote + ":" + quote;
    }
  }
  return symbol;
}

FreqtradeFace::FreqtradeFace(FreqtradeJournal& journal, FreqtradeTokens& tokens, Settings settings)
    : journal_(journal), tokens_(tokens), settings_(settings) {
  write_spot_trade();
}

void FreqtradeFace::write_spot_trade() {
  if (!journal_.open_id(kSpotPair)) journal_.open(spot_row(), net::Loop::now().wall);
}

void FreqtradeFace::replace_journal() {
  journal_.replace();
  write_spot_trade();
}

Decimal FreqtradeFace::stop_of(const Belief& p) const {
  if (p.stop) return *p.stop;
  const model::MaybeDecimal distance = p.entry * settings_.stop_ratio;
  const model::MaybeDecimal stop = p.quantity.sign() < 0 ? p.entry + distance : p.entry - distance;
  return stop.value_or(Decimal());
}

bool FreqtradeFace::has_open(const std::string& symbol) {
  return journal_.open_id(freqtrade_pair(symbol)).has_value();
}

void FreqtradeFace::opened(const Belief& p) {
  FreqtradeRow row{freqtrade_pair(p.symbol),
                   p.quantity.sign() < 0,
                   p.quantity.abs(),
                   p.entry,
                   stop_of(p),
                   p.liquidation,
                   1.0 * settings_.leverage};
  journal_.open(row, net::Loop::now().wall);
}

void FreqtradeFace::closed(const Belief& p, const std::string&) {
  journal_.close(freqtrade_pair(p.symbol), p.mark, "stoploss_on_exchange", net::Loop::now().wall);
}

void FreqtradeFace::write(const Fields& row) {
  Belief p;
  p.symbol = field(row, "symbol");
  p.quantity = signed_quantity(row);
  p.entry = p.mark = Decimal::parse(field(row, "price")).value_or(Decimal());
  p.stop = Decimal::parse(field(row, "stop"));
  if (field(row, "open", "true") == "true") return opened(p);
  opened(p);
  closed(p, "script");
}

std::string FreqtradeFace::status(const BotState& state) {
  Json list = Json::array();
  std::int64_t unknown_id = 9'000;
  for (const auto& [symbol, p] : state.positions) {
    const std::string pair = freqtrade_pair(symbol);
    const std::int64_t id = journal_.open_id(pair).value_or(++unknown_id);
    list.push_back(trade_of({pair, p, stop_of(p), id, settings_.leverage}, state.started));
  }
  const FreqtradeRow spot = spot_row();
  Belief held{kSpotPair, spot.amount, spot.open_rate, spot.open_rate, {}, {}, {}};
  const std::int64_t id = journal_.open_id(kSpotPair).value_or(0);
  list.push_back(trade_of({kSpotPair, held, spot.stop_loss, id, 1}, state.started));
  return list.dump();
}

net::HttpResponse FreqtradeFace::force_exit(const std::string& body, const BotState& state,
                                            BotControl& control) {
  const Json asked = Json::parse(body, nullptr, false);
  if (!asked.is_object() || !asked.contains("tradeid")) return detail(422, "tradeid is required");
  const Json& id = asked["tradeid"];
  const std::string wanted = id.is_string() ? id.get<std::string>() : id.dump();
  int closed = 0;
  for (const auto& [symbol, p] : state.positions) {
    const auto own = journal_.open_id(freqtrade_pair(symbol));
    if (wanted != "all" && (!own || std::to_string(*own) != wanted)) continue;
    control.close(symbol);
    ++closed;
  }
  if (wanted != "all" && closed == 0) {
    return say(502, {{"error", "Error querying /api/v1/forceexit: invalid argument"}});
  }
  const std::string said = wanted == "all" ? "Created exit orders for all open trades."
                                           : "Created exit order for trade " + wanted + ".";
  return say(200, {{"status", said}, {"result", said}});
}

net::HttpResponse FreqtradeFace::answer(const net::HttpRequest& request, const BotState& state,
                                        BotControl& control) {
  const std::string what = request.method + " " + path_of(request);
  const std::string authorization = header_of(request, "authorization");
  if (what == "GET /api/v1/ping") return say(200, {{"status", "pong"}});
  const bool basic = tokens_.is_basic(authorization);
  if (what == "POST /api/v1/token/login") {
    if (!basic) return detail(401, "Incorrect username or password");
    return say(200, {{"access_token", tokens_.new_access(state.now)},
                     {"refresh_token", tokens_.new_refresh(state.now)}});
  }
  if (what == "POST /api/v1/token/refresh") {
    if (!tokens_.is_refresh(authorization, state.now)) {
      return detail(401, "Could not validate credentials");
    }
    return say(200, {{"access_token", tokens_.new_access(state.now)}});
  }
  if (!basic && !tokens_.is_access(authorization, state.now)) return detail(401, "Unauthorized");
  if (what == "GET /api/v1/health") {
    std::string last = model::to_iso8601(state.progress);
    last.replace(last.size() - 1, 1, "+00:00");
    return say(200, {{"last_process", last},
                     {"last_process_ts", model::epoch_ms(state.progress) / 1000},
                     {"bot_start_ts", model::epoch_ms(state.started) / 1000}});
  }
  if (what == "GET /api/v1/status") return json_reply(200, status(state));
  if (what == "GET /api/v1/version") return say(200, {{"version", "2026.10"}});
  if (what == "GET /api/v1/show_config") {
    return say(200, {{"version", "2026.10"},
                     {"api_version", 2.41},
                     {"dry_run", false},
                     {"trading_mode", "futures"},
                     {"stake_currency", "USDT"},
                     {"max_open_trades", 4},
                     {"stoploss", -settings_.stop_ratio.to_double()},
                     {"stoploss_on_exchange", true},
                     {"exchange", "binance"},
                     {"state", state.stopped ? "stopped" : "running"}});
  }
  if (what == "POST /api/v1/stopentry" || what == "POST /api/v1/stopbuy") {
    control.stop_entries();
    return say(200, {{"status",
                      "No more entries will occur from now. Run /reload_config to "
                      "reset."}});
  }
  if (what == "POST /api/v1/stop") {
    control.stop();
    return say(200, {{"status", state.stopped ? "already stopped" : "stopping trader ..."}});
  }
  if (what == "POST /api/v1/forceexit") return force_exit(request.body, state, control);
  return detail(404, "Not Found");
}

}  // namespace vakthund::simulator::standin
