// A StatusView for a person at a terminal of 100 columns: the verdict, then per account the
// positions and their stops, the findings, and how good the data is.
#pragma once

#include <string>

#include "watchdog/server/status_view.h"

namespace vakthund::server {

// Lines end with '\n'. Without `colour` the text holds no escape sequence. What came from outside
// is cleaned of control characters. Tables fit 100 columns unless an identifier is longer than the
// exchange makes them; sentences are wrapped.
std::string write_status_text(const StatusView& status, bool colour);

}  // namespace vakthund::server
