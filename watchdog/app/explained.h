// What `explain SYMBOL` tells of one account, from what its guard knows.
// Pure apart from asking the guard to judge; threads: the guard's.
#pragma once

#include <string>

#include "watchdog/guard/guard.h"
#include "watchdog/server/explain_view.h"

namespace vakthund::app {

// `listed`: whether the exchange knows the symbol at all, as far as that was found out.
server::ExplainedAccount explained(guard::Guard& guard, const std::string& symbol,
                                   std::optional<bool> listed, model::Now now);

}  // namespace vakthund::app
