// How long the exchange refuses us, for people: "banned until 01:25:10Z (418)", "rate limited for
// 12s (429)"; empty where it does not. A ban that ends on another day names it.
#pragma once

#include <string>

#include "watchdog/binance/weight.h"

namespace vakthund::binance {

std::string refusal_text(const Grant& standing, Moment now);

}  // namespace vakthund::binance
