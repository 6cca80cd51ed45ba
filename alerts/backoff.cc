#include "alerts/backoff.h"

#include <algorithm>

namespace vakthund::alerts {

model::Duration backoff(int failures, model::Duration first, model::Duration longest,
                        double random) {
  model::Duration delay = std::min(first, longest);
  for (int n = 1; n < failures && delay < longest; ++n) delay = std::min(2 * delay, longest);
  const double kept = 1.0 - std::clamp(random, 0.0, 1.0) / 2;
  return std::chrono::duration_cast<model::Duration>(delay * kept);
}

}  // namespace vakthund::alerts
