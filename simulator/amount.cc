#include "simulator/amount.h"

namespace vakthund::simulator {
namespace {

Decimal held(MaybeDecimal value, int sign) {
  if (value) return *value;
  const Decimal most = Decimal::from_units(Decimal::kMaxUnits);
  return sign < 0 ? -most : most;
}

}  // namespace

Decimal plus(Decimal a, Decimal b) { return held(a + b, a.sign()); }
Decimal minus(Decimal a, Decimal b) { return held(a - b, a.sign()); }
Decimal times(Decimal a, Decimal b) { return held(a * b, a.sign() * b.sign()); }

Decimal over(Decimal a, Decimal b) {
  if (b.is_zero()) return {};
  return held(a / b, a.sign() * b.sign());
}

Decimal unit_of(int places) {
  std::int64_t units = Decimal::kOne;
  for (int i = 0; i < places; ++i) units /= 10;
  return Decimal::from_units(units < 1 ? 1 : units);
}

bool fits(Decimal value, int places) { return value.units() % unit_of(places).units() == 0; }

}  // namespace vakthund::simulator
