// Lines of a status on what stands behind its judgement: the switch, the account's day, the bot,
// the exchange, and how good the data is. What is well takes one line.
#pragma once

#include "watchdog/server/text_writer.h"

namespace vakthund::server {

// The switch: pulled, with what is left; else whether a kill would work now, and each condition
// that is not in order.
void show_kill(TextWriter& writer, const AccountView& account);
// Money, and how near the account is to its margin; what is not known is left out.
void show_day(TextWriter& writer, const AccountView& account);
// `now`: what the age of the bot's progress is measured from.
void show_bot(TextWriter& writer, const AccountView& account, model::WallTime now);
void show_exchange(TextWriter& writer, const AccountView& account);
void show_data(TextWriter& writer, const AccountView& account);

}  // namespace vakthund::server
