// How long to wait after so many failures in a row.
#pragma once

#include "rules/model/time.h"

namespace vakthund::alerts {

// first x 2^(failures - 1), at most `longest`, then shortened by up to half by `random` in [0, 1),
// so that many who failed together do not come back together. failures >= 1.
model::Duration backoff(int failures, model::Duration first, model::Duration longest,
                        double random);

}  // namespace vakthund::alerts
