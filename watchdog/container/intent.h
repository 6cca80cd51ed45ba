// What the operator intended, read from the environment of the bot's container. Pure.
//
// Only the settings named here are looked at, and no value is ever kept or shown as text: an
// environment holds keys and passwords too.
//   quantum-trader  QT_SL_PCT, QT_LEVERAGE (else QT_DEFAULT_LEVERAGE), QT_MAX_NOTIONAL_PER_TRADE,
//                   QT_MAX_POSITIONS, QT_ALLOWED_SYMBOLS, QT_PAPER_TRADING
//   freqtrade       FREQTRADE__MAX_OPEN_TRADES (-1: no limit, so not told), FREQTRADE__DRY_RUN,
//                   FREQTRADE__EXCHANGE__PAIR_WHITELIST (JSON or a comma list),
//                   FREQTRADE__STOPLOSS and FREQTRADE__LEVERAGE: freqtrade counts its stop as a
//                   share of the margin, so the distance in price is told only where both are there
// Where both bots' settings are there, quantum-trader's count.
// Source: bots.md, "settings"; freqtrade's documentation, "Environment variables", "Stoploss and
// Leverage".
#pragma once

#include <string>
#include <vector>

#include "rules/model/bot.h"

namespace vakthund::container {

struct IntentReading {
  model::Intent intent;
  std::vector<std::string>
      problems;  // one line each: which setting makes no sense, never its value
};

// `environment`: "NAME=value" lines; of one name the last counts; an empty value is not told. A
// list of symbols of which one cannot be read is unknown as a whole.
IntentReading read_intent(const std::vector<std::string>& environment);

}  // namespace vakthund::container
