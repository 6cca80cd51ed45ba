// What freqtrade's REST API says, decoded. Pure.
//
// Source: bots.md, "freqtrade"; freqtrade's rpc/api_server/api_schemas.py (Health, OpenTradeSchema,
// OrderSchema).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/bot.h"
#include "rules/model/result.h"
#include "watchdog/bot/positions_reading.h"

namespace vakthund::bot {

// An order of a trade, in the API and in the journal alike.
struct TradeOrder {
  std::optional<bool> entry;  // of the side that opens; unknown: neither buy nor sell
  bool open = false;
  model::MaybeDecimal filled;       // unknown: not told
  model::MaybeDecimal got() const;  // as `filled`, where an open order that tells none has none
};

// What a trade really holds. `amount` is what was asked for while its entry is still open, so then
// the fills count: entries less exits. Zero: nothing is filled yet, the trade is no position.
model::MaybeDecimal held_quantity(model::MaybeDecimal amount,
                                  const std::vector<TradeOrder>& orders);

// The exchange of a trade is another than Binance; not told is not another.
bool is_other_exchange(std::string_view exchange);

// The body of GET /api/v1/status. Trades of other exchanges and other markets (spot) are left out.
// Error: `invalid`, one line, where it is no list.
Result<PositionsReading> decode_open_trades(std::string_view body);

// The body of GET /api/v1/health of a bot that answered its ping. Up; progress is last_process_ts,
// in seconds, unknown while it has not worked yet. Error: `invalid` where it is no JSON object.
Result<model::BotHealth> decode_freqtrade_health(std::string_view body);

// The token in the answer of POST /api/v1/token/login. Error: `invalid`, without the answer.
Result<std::string> decode_login(std::string_view body);

}  // namespace vakthund::bot
