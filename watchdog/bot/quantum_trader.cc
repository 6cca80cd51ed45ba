#include "watchdog/bot/quantum_trader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "watchdog/bot/exact_json.h"
#include "watchdog/bot/symbol.h"

namespace vakthund::bot {
namespace {

using Json = nlohmann::json;

constexpr std::array kGoodWords{"ok", "healthy", "up", "pass", "alive", "running"};
constexpr std::array kStopFields{"stopPrice", "stop_price", "stopLoss", "stop_loss", "sl"};

const Json* positions_list(const Json& root) {
  if (root.is_array()) return &root;
  for (const char* name : {"positions", "data"}) {
    const Json* list = member(root, name);
    if (list && list->is_object()) list = member(*list, "positions");
    if (list && list->is_array()) return list;
  }
  return nullptr;
}

void read_row(const Json& row, std::size_t number, PositionsReading& reading) {
  const auto problem = [&](std::string what) {
    reading.problems.push_back(fmt::format("row {}: {}", number, what));
  };
  const Json* name = member(row, "symbol");
  const auto symbol = name && name->is_string()
                          ? exchange_symbol(name->get_ref<const std::string&>())
                          : std::nullopt;
  if (!symbol) {
    reading.complete = false;
    return problem(fmt::format("no symbol: {}", shown(name)));
  }
  const Json* amount = member(row, "positionAmt");
  const auto quantity = decimal_of(amount);
  if (!quantity) {
    reading.complete = false;
    return problem(fmt::format("{} positionAmt is {}", *symbol, shown(amount)));
  }
  if (quantity->is_zero()) return;
  model::BotPosition position{*symbol, *quantity, std::nullopt, std::nullopt};
  const Json* entry = member(row, "entryPrice");
  position.entry_price = decimal_of(entry);
  if (!position.entry_price || position.entry_price->sign() <= 0) {
    position.entry_price.reset();
    problem(fmt::format("{} entryPrice is {}", *symbol, shown(entry)));
  }
  for (const char* field : kStopFields) {
    const auto stop = decimal_of(member(row, field));
    if (stop && stop->sign() > 0 && !position.stop_price) position.stop_price = stop;
  }
  reading.positions.push_back(std::move(position));
}

}  // namespace

Result<PositionsReading> decode_positions(std::string_view body) {
  const auto document = parse_exact_json(body);
  if (!document) {
    return error(ErrorKind::invalid, "the bot's positions: the answer " + document.error().message);
  }
  const Json* list = positions_list(document->root);
  if (!list) {
    return error(ErrorKind::invalid,
                 "the bot's positions: neither \"positions\" nor \"data\" is a list");
  }
  if (list->size() > kMaxPositions) {
    return error(ErrorKind::invalid, fmt::format("the bot's positions: {} rows, more than {}",
                                                 list->size(), kMaxPositions));
  }
  PositionsReading reading;
  std::size_t number = 0;
  for (const Json& row : *list) read_row(row, ++number, reading);
  cut_problems(reading);
  return reading;
}

model::BotHealth decode_health(int http_status, std::string_view body) {
  if (http_status < 200 || http_status > 299) {
    return {false, fmt::format("the bot's health answered {}", http_status)};
  }
  const auto document = parse_exact_json(body);
  const Json* status = document ? member(document->root, "status") : nullptr;
  if (!status || !status->is_string()) {
    return {true, fmt::format("answered {} without a status", http_status)};
  }
  std::string word = status->get<std::string>();
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool good = std::find(kGoodWords.begin(), kGoodWords.end(), word) != kGoodWords.end();
  return {good, fmt::format("status \"{}\"", one_line(word, 60))};
}

}  // namespace vakthund::bot
