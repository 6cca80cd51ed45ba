// A container of a real engine: an image of nothing but the program and the libraries it needs,
// made on the spot; no network is asked for anything.
#pragma once

#include <memory>
#include <string>

#include "watchdog/demo/engine.h"

namespace vakthund::demo {

// `name`: of the container, made unique. `directory`: for files of its own.
std::unique_ptr<Engine> make_real_engine(const std::string& socket, const std::string& directory,
                                         const std::string& name);

}  // namespace vakthund::demo
