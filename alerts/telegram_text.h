// An alert as a Telegram message. Source: core.telegram.org/bots/api#html-style, #sendmessage.
#pragma once

#include <string>

#include "alerts/message.h"

namespace vakthund::alerts {

// Telegram counts after parsing the HTML; we count before it, in UTF-16 units, so that we are never
// above whatever it counts.
inline constexpr std::size_t kTelegramLimit = 4096;

// <b>title</b>, the text, then account, incident and time in italics. A text that does not fit is
// cut between characters (never inside an escape) and says so.
std::string telegram_html(const Message& message);
// The same without markup, for when Telegram cannot parse the other.
std::string telegram_plain(const Message& message);

}  // namespace vakthund::alerts
