// A StatusView as JSON: product.md §6, in its key order, with additions after the keys shown there
// (account: trouble, undecided, feeds, kill, incidents, exchange, readiness, bot, day). Prices,
// quantities and money are strings; loss_ratio is rounded to 4 decimals; unknown is null; text that
// is not UTF-8 is repaired with U+FFFD, so this never fails.
#pragma once

#include <string>

#include "watchdog/server/status_view.h"

namespace vakthund::server {

// One document, indented by two, with a final newline.
std::string write_status(const StatusView& status);
// Where there is nothing to write down: {"status":"unknown","error":"…"}.
std::string write_failure(const std::string& error);
// An array, for GET /api/v1/incidents.
std::string write_incidents(const std::vector<IncidentView>& incidents);

}  // namespace vakthund::server
