// What the quantum-trader bot's HTTP interface says, decoded. Pure.
//
// Evidence, never truth: what is missing, null or no number is unknown and reported.
// Source: bots.md, "quantum-trader".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"

namespace vakthund::bot {

inline constexpr std::size_t kMaxPositions = 2000;  // a longer list is `invalid`
inline constexpr std::size_t kMaxProblems = 20;     // more are counted in a last line

struct PositionsReading {
  std::vector<model::BotPosition> positions;  // rows of zero quantity are left out
  std::vector<std::string> problems;          // one line each: which row, what is wrong with it
  bool complete = true;  // false: a row's symbol or quantity could not be read, so a symbol that
                         // is not listed may be open nevertheless
};

// The body of GET /api/positions: {"positions":[…]}, {"data":[…]} or {"data":{"positions":[…]}}.
// Error: `invalid`, one line, when there is no such list.
Result<PositionsReading> decode_positions(std::string_view body);

// The answer of GET /health. Up: a 2xx whose `status`, if it has one, is a good word.
model::BotHealth decode_health(int http_status, std::string_view body);

}  // namespace vakthund::bot
