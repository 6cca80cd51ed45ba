// A bot's name of a market in the exchange's spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vakthund::bot {

// "BNBUSDT" stays, "bnbusdt" is raised, "BNB/USDT:USDT" becomes "BNBUSDT" and
// "BTC/USDT:USDT-251226" "BTCUSDT_251226" (bots.md, "freqtrade"). nullopt: empty, longer than 40
// bytes, with blanks or control characters, or is_other_market. Letters outside ASCII occur in the
// exchange's symbols and stay.
std::optional<std::string> exchange_symbol(std::string_view text);

// A market that is no USD-M future and thus not ours: a spot pair ("BNB/USDT"), one settled in
// another coin than its quote ("BTC/USD:BTC"), an option ("BTC/USDT:USDT-251226-90000-C").
bool is_other_market(std::string_view text);

}  // namespace vakthund::bot
