// How one bot is looked at: values.
#pragma once

#include <chrono>
#include <string>

namespace vakthund::bot {

enum class BotKind { quantum_trader, freqtrade, generic };

// A page with the open positions of a bot of one's own; JSON pointers (RFC 6901) into it.
struct PositionsPage {
  std::string url = {};   // absolute; empty: positions are not read
  std::string list = {};  // to the array; empty: the page is the array
  // Relative to an item of the array; an empty one is not read. Either `amount`, signed, or
  // `quantity` with `side`.
  std::string symbol = {};
  std::string side = {};  // LONG, SHORT, BUY or SELL, in any case
  std::string amount = {};
  std::string quantity = {};
  std::string entry_price = {};
  std::string stop_price = {};
};

struct HealthPage {
  std::string url = {};       // absolute; empty: whether `positions` answers tells
  std::string progress = {};  // pointer to when its work last moved on: ISO time, s or ms
};

struct BotSettings {
  BotKind kind = BotKind::quantum_trader;
  std::string url = {};  // "http://quantum_backend:8000"; empty: health and positions are not read
  std::string ca_file = {};   // PEM, with https; empty: the system's
  std::string username = {};  // freqtrade's REST API
  std::string password = {};
  std::string authorization = {};  // a whole header, sent with every request instead of a login
  PositionsPage positions = {};    // with BotKind::generic, as is `health`
  HealthPage health = {};
  std::string journal_path = {};      // SQLite; empty: see journal_postgres
  std::string journal_postgres = {};  // connection string; both empty: no journal
  std::string journal_query = {};     // empty: the tables of `kind`
  std::chrono::milliseconds poll_interval{5000};
};

}  // namespace vakthund::bot
