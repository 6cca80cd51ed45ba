// Arithmetic on amounts for a venue that must never stop: what does not fit is held at the largest
// amount instead of becoming unknown, and dividing by zero gives zero. A real venue has no such
// rule; a scenario that gets there is nonsense, and stays visible as nonsense.
#pragma once

#include <string>

#include "rules/model/decimal.h"

namespace vakthund::simulator {

using model::Decimal;
using model::MaybeDecimal;

Decimal plus(Decimal a, Decimal b);
Decimal minus(Decimal a, Decimal b);
Decimal times(Decimal a, Decimal b);
Decimal over(Decimal a, Decimal b);
inline Decimal least(Decimal a, Decimal b) { return a < b ? a : b; }

// 10^-places, for places 0 to 8.
Decimal unit_of(int places);
// No digits are lost by writing it with that many places.
bool fits(Decimal value, int places);

}  // namespace vakthund::simulator
