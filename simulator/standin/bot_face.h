// What a kind of bot shows of itself: its HTTP pages and its journal. The bot behind it is the same
// for every kind (trading_bot.h). Shapes: bots.md, one section per kind.
#pragma once

#include <map>
#include <string>

#include "rules/model/decimal.h"
#include "rules/model/time.h"
#include "simulator/standin/bot_script.h"
#include "watchdog/net/http_client.h"

namespace vakthund::simulator::standin {

// A position the bot believes in: what the exchange listed, or what its script made it believe.
struct Belief {
  std::string symbol;       // the exchange's spelling
  model::Decimal quantity;  // signed
  model::Decimal entry, mark, unrealized;
  model::MaybeDecimal stop;         // none: the kind's own distance from the entry
  model::MaybeDecimal liquidation;  // none: not known
};
using Beliefs = std::map<std::string, Belief>;  // by symbol

struct BotState {
  const Beliefs& positions;
  model::WallTime now{}, started{};
  model::WallTime progress{};  // when its work last moved on
  bool stopped = false;
};

// What a page may make the bot do.
class BotControl {
 public:
  virtual ~BotControl() = default;
  virtual void stop_entries() = 0;
  virtual void stop() = 0;                            // lives on, does no work
  virtual void close(const std::string& symbol) = 0;  // by a reduce-only market order
};

class BotFace {
 public:
  virtual ~BotFace() = default;

  // The journal. `has_open`: its newest word of the symbol is an entry.
  virtual bool has_open(const std::string& symbol) = 0;
  virtual void opened(const Belief& position) = 0;
  virtual void closed(const Belief& position, const std::string& reason) = 0;
  // A row of the script's, true or not: symbol, side, qty, price, and what the kind knows besides.
  virtual void write(const Fields& row) = 0;
  // Another, empty file in the place of this one.
  virtual void replace_journal() = 0;
  // Every token it has given out is worth nothing any more.
  virtual void expire_tokens() {}

  virtual net::HttpResponse answer(const net::HttpRequest& request, const BotState& state,
                                   BotControl& control) = 0;
};

// For faces.
net::HttpResponse json_reply(int status, const std::string& body);
std::string field(const Fields& fields, const char* name, std::string otherwise = {});
std::string path_of(const net::HttpRequest& request);
std::string header_of(const net::HttpRequest& request, std::string_view name);  // lower case
// The sign that a side's word gives a quantity: SELL and SHORT are negative.
model::Decimal signed_quantity(const Fields& row);

}  // namespace vakthund::simulator::standin
