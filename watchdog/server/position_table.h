// The positions of an account as lines of a table: what a person looks at first.
#pragma once

#include <string>
#include <vector>

#include "watchdog/server/status_view.h"

namespace vakthund::server {

// The heading, then one line per position, of at most `columns`: where they do not fit, columns are
// left out that other commands tell (share of notional, entry, quantity), and at last each position
// takes two lines, of which the first may be wider. Nothing where there are no positions.
std::vector<std::string> position_table(const AccountView& account, std::size_t columns);

// For eyes: about six digits of a price, "unknown" where there is none; money with its sign.
std::string shown_price(const model::MaybeDecimal& price);
std::string shown_money(const model::MaybeDecimal& money);

}  // namespace vakthund::server
