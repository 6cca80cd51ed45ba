// What the guard knows, as the view that `check`, `status` and the API print (product.md §6).
// Pure apart from asking the guard to judge; threads: the guard's.
#pragma once

#include <vector>

#include "watchdog/guard/guard.h"
#include "watchdog/server/status_view.h"

namespace vakthund::app {

// Every verdict as of `now`, `for` left aside; findings worst first.
server::AccountView view_of(guard::Guard& guard, model::Now now);

// The worst of all; unknown where there is nothing.
server::StatusView status_of(std::vector<server::AccountView> accounts, bool armed,
                             model::WallTime now);

}  // namespace vakthund::app
