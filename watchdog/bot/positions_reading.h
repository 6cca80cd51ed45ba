// The positions that a bot's answer lists, whichever bot it is.
#pragma once

#include <string>
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

// Leaves kMaxProblems of the problems and counts the rest.
void cut_problems(PositionsReading& reading);

}  // namespace vakthund::bot
