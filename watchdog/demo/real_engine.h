// The demo's bot as a container of a real engine: an image of nothing but the program and the
// libraries it needs, made on the spot; no network is asked for anything.
#pragma once

#include <memory>
#include <string>

#include "watchdog/demo/engine.h"

namespace vakthund::demo {

std::unique_ptr<Engine> make_real_engine(const std::string& socket, const std::string& directory);

}  // namespace vakthund::demo
