// A bot of one's own: positions and progress found by JSON pointers (RFC 6901). Pure.
//
// A pointer that finds nothing is told with the pointer; it is never an empty list.
// Source: bots.md, "generic"; product.md §3, `bot.positions`, `bot.health`.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "rules/model/bot.h"
#include "rules/model/result.h"
#include "watchdog/bot/bot_settings.h"
#include "watchdog/bot/positions_reading.h"

namespace vakthund::bot {

// What `pointer` finds; null where it finds nothing or is no pointer. "" finds the whole.
const nlohmann::json* find(const nlohmann::json& root, const std::string& pointer);

// Error: `invalid`, naming the pointer that finds no array.
Result<PositionsReading> decode_positions_page(std::string_view body, const PositionsPage& page);

struct HealthReading {
  model::BotHealth health;
  std::string problem;  // empty: none
};
// The page of a bot that answered with 2xx.
HealthReading decode_health_page(std::string_view body, const HealthPage& page);

}  // namespace vakthund::bot
