// What the quantum-trader bot's HTTP interface says, decoded. Pure.
//
// Evidence, never truth: what is missing, null or no number is unknown and reported.
// Source: bots.md, "quantum-trader".
#pragma once

#include <string_view>

#include "rules/model/bot.h"
#include "rules/model/result.h"
#include "watchdog/bot/positions_reading.h"

namespace vakthund::bot {

// The body of GET /api/positions: {"positions":[…]}, {"data":[…]} or {"data":{"positions":[…]}}.
// Error: `invalid`, one line, when there is no such list.
Result<PositionsReading> decode_positions(std::string_view body);

// The answer of GET /health. Up: a 2xx whose `status`, if it has one, is a good word.
model::BotHealth decode_health(int http_status, std::string_view body);

}  // namespace vakthund::bot
