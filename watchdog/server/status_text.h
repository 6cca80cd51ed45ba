// A StatusView for a person at a terminal: the verdict, then per account the positions and their
// stops, the findings, whether a kill would work, the day, the bot, the exchange, and how good the
// data is. What is well takes one line; what is not known of the day is left out.
#pragma once

#include <string>

#include "watchdog/server/status_view.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {

// Lines end with '\n'. Without `style.colour` the text holds no escape sequence. What came from
// outside is cleaned of control characters. Tables and sentences fit `style.columns` (at least
// kFewestColumns) unless an identifier is longer than the exchange makes them.
std::string write_status_text(const StatusView& status, const TextStyle& style);

}  // namespace vakthund::server
