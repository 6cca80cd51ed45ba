// What the configuration says of an account's bot, as the bot's source takes it.
#pragma once

#include "watchdog/bot/bot_settings.h"
#include "watchdog/config/config.h"
#include "watchdog/guard/containment.h"

namespace vakthund::app {

bot::BotSettings bot_settings(const config::Account& account);

// Whether anything of a bot is read at all, and what of it.
bool has_bot(const config::Account& account);
bool has_bot_api(const config::Account& account);  // positions and health
bool has_journal(const config::Account& account);
// What a kill can contain the bot with.
guard::Rungs rungs_of(const config::Bot& bot);

}  // namespace vakthund::app
