// The sinks that the configuration names.
#pragma once

#include <memory>
#include <vector>

#include "alerts/sink.h"
#include "watchdog/config/config.h"

namespace vakthund::app {

// Error: `invalid`, naming the sink, without its secrets.
Result<std::vector<std::unique_ptr<alerts::Sink>>> make_sinks(const config::Alerts& alerts);

}  // namespace vakthund::app
