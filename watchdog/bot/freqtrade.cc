#include "watchdog/bot/freqtrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/journal_rows.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestToken = 8192;

std::string_view text_of(const Json* value) {
  return value && value->is_string() ? std::string_view(value->get_ref<const std::string&>())
                                     : std::string_view();
}

std::optional<bool> flag_of(const Json* value) {
  return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

std::vector<TradeOrder> orders_of(const Json& row, bool is_short) {
  std::vector<TradeOrder> orders;
  const Json* list = member(row, "orders");
  if (!list || !list->is_array()) return orders;
  for (const Json& item : *list) {
    TradeOrder order;
    const auto side = side_of(text_of(member(item, "ft_order_side")));
    if (side) order.entry = (*side == model::Side::sell) == is_short;
    if (text_of(member(item, "ft_order_side")) == "stoploss") order.entry = false;
    order.open = flag_of(member(item, "is_open")).value_or(false);
    order.filled = decimal_of(member(item, "filled"));
    orders.push_back(order);
  }
  return orders;
}

model::MaybeDecimal positive(model::MaybeDecimal value) {
  return value && value->sign() > 0 ? value : std::nullopt;
}

void read_trade(const Json& row, std::size_t number, PositionsReading& reading) {
  const auto problem = [&](std::string what) {
    reading.problems.push_back(fmt::format("row {}: {}", number, what));
  };
  const auto unreadable = [&](std::string what) {
    reading.complete = false;
    problem(std::move(what));
  };
  const Json* pair = member(row, "pair");
  if (is_other_market(text_of(pair)) || is_other_exchange(text_of(member(row, "exchange")))) return;
  if (flag_of(member(row, "is_open")) == false) return;
  const auto symbol = exchange_symbol(text_of(pair));
  if (!symbol) return unreadable(fmt::format("no pair: {}", shown(pair)));
  const Json* is_short = member(row, "is_short");
  const auto short_side = flag_of(is_short);
  if (!short_side) return unreadable(fmt::format("{} is_short is {}", *symbol, shown(is_short)));
  const Json* amount = member(row, "amount");
  const auto quantity = held_quantity(decimal_of(amount), orders_of(row, *short_side));
  if (!quantity || quantity->sign() < 0) {
    return unreadable(fmt::format("{} amount is {}", *symbol, shown(amount)));
  }
  if (quantity->is_zero()) return;
  model::BotPosition position;
  position.symbol = *symbol;
  position.quantity = *short_side ? -*quantity : *quantity;
  const Json* entry = member(row, "open_rate");
  position.entry_price = positive(decimal_of(entry));
  if (!position.entry_price) problem(fmt::format("{} open_rate is {}", *symbol, shown(entry)));
  position.stop_price = positive(decimal_of(member(row, "stop_loss_abs")));
  reading.positions.push_back(std::move(position));
}

}  // namespace

model::MaybeDecimal TradeOrder::got() const {
  return filled || !open ? filled : model::MaybeDecimal(model::Decimal());
}

model::MaybeDecimal held_quantity(model::MaybeDecimal amount,
                                  const std::vector<TradeOrder>& orders) {
  bool tells = false, entering = false, entered = false, all_known = true;
  model::MaybeDecimal held = model::Decimal();
  for (const TradeOrder& order : orders) {
    const model::MaybeDecimal got = order.got();
    all_known = all_known && order.entry && got;
    if (order.entry == true) {
      tells = true;
      entering = entering || order.open;
      entered = entered || got != model::Decimal();
    }
    if (order.entry) held = *order.entry ? held + got : held - got;
  }
  if (tells && !entered) return model::Decimal();
  return entering && all_known ? held : amount;
}

bool is_other_exchange(std::string_view exchange) {
  return !exchange.empty() && !exchange.starts_with("binance");
}

Result<PositionsReading> decode_open_trades(std::string_view body) {
  const auto document = parse_exact_json(body);
  if (!document) {
    return error(ErrorKind::invalid, "the bot's positions: the answer " + document.error().message);
  }
  const Json& list = document->root;
  if (!list.is_array()) {
    return error(ErrorKind::invalid, "the bot's positions: the answer is no list of trades");
  }
  if (list.size() > kMaxPositions) {
    return error(ErrorKind::invalid, fmt::format("the bot's positions: {} rows, more than {}",
                                                 list.size(), kMaxPositions));
  }
  PositionsReading reading;
  std::size_t number = 0;
  for (const Json& row : list) read_trade(row, ++number, reading);
  cut_problems(reading);
  return reading;
}

Result<model::BotHealth> decode_freqtrade_health(std::string_view body) {
  const auto document = parse_exact_json(body);
  if (!document || !document->root.is_object()) {
    return error(ErrorKind::invalid, "the bot's health: the answer is no JSON object");
  }
  const Json* stamp = member(document->root, "last_process_ts");
  const auto seconds = positive(decimal_of(stamp));
  const auto progress = seconds ? time_of(seconds->to_string()) : std::nullopt;
  if (progress) return model::BotHealth{true, "answers", progress};
  const bool not_yet = !stamp || stamp->is_null() || decimal_of(stamp) == model::Decimal();
  return model::BotHealth{
      true,
      not_yet ? "answers; it has not worked yet" : "answers; last_process_ts is " + shown(stamp),
      std::nullopt};
}

Result<std::string> decode_login(std::string_view body) {
  const auto document = parse_exact_json(body);
  const auto token = document ? text_of(member(document->root, "access_token")) : "";
  const bool right =
      !token.empty() && token.size() <= kLongestToken &&
      std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
  if (!right) {
    return error(ErrorKind::invalid, "the bot's token/login answered without an access_token");
  }
  return std::string(token);
}

}  // namespace vakthund::bot
