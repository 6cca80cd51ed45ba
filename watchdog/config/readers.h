// The sections of product.md §3, one function each: they read what is there into what already holds
// the defaults, and complain of the rest.
#pragma once

#include "watchdog/config/config.h"
#include "watchdog/config/section.h"

namespace vakthund::config {

void read_accounts(Section& root, Config& config);
void read_bot(Section section, Bot& bot);        // of one account
void read_stopping(Section& section, Bot& bot);  // container, systemd, stop_hook, safe_mode
void read_rules(Section& root, Config& config);
void read_alerts(Section& root, Config& config);
// decisions, limits, gate, airbag, server, database
void read_rest(Section& root, Config& config);

}  // namespace vakthund::config
