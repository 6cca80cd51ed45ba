// An ExplainView for a person at a terminal: per position its facts, every theory with the numbers
// for and against, worst first, the arithmetic as a table, and what to do and not to do.
#pragma once

#include <string>

#include "watchdog/server/explain_view.h"
#include "watchdog/server/text_layout.h"

namespace vakthund::server {

// Lines end with '\n' and fit `style.columns` (at least kFewestColumns) unless a word is longer.
// Without `style.colour` the text holds no escape sequence.
std::string write_explanation_text(const ExplainView& view, const TextStyle& style);

}  // namespace vakthund::server
