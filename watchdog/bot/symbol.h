// A bot's name of a market in the exchange's spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vakthund::bot {

// "BNBUSDT" stays, "bnbusdt" is raised, "BNB/USDT:USDT" becomes "BNBUSDT" (bots.md, "freqtrade").
// nullopt: empty, longer than 40 bytes, with blanks or control characters, or a spot pair
// ("BNB/USDT"), which is not ours. Letters outside ASCII occur in the exchange's symbols and stay.
std::optional<std::string> exchange_symbol(std::string_view text);

}  // namespace vakthund::bot
