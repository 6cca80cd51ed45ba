// An account under watch as the guard knows it after its first round of reads, and the frames that
// then arrive for it, in the shapes that were recorded on the wire (binance.md §6 and §7).
//
// Symbols are COIN0000USDT, COIN0001USDT, …; even ones are long, odd ones short, entered at 100,
// each with a whole-position STOP_MARKET 2 % away that watches the mark price, a resting
// reduce-only take profit, and an entry in the bot's journal that agrees. At kCalm nothing is
// wrong; at kCrash every long is beyond its stop.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watchdog/guard/guard.h"

namespace vakthund::bench {

inline constexpr std::string_view kCalm = "100.25";
inline constexpr std::string_view kCrash = "90.5";
inline constexpr int kPositions = 50;
inline constexpr int kMarketSymbols = 720;       // of the whole market in one array
inline constexpr int kCoinMarginedSymbols = 80;  // of these, passed over

// The instant of every benchmark: nothing ages while it runs.
model::Now now();
std::string symbol_of(int number);

// Mode observe, all rules enabled but for account_drawdown, journal in use; built through events
// alone.
guard::Guard account_with(int positions);

// A text followed by the 64 readable bytes that the decoders ask for.
class Frame {
 public:
  explicit Frame(std::string text) : size_(text.size()), bytes_(std::move(text)) {
    bytes_.append(64, '\0');
  }
  std::string_view text() const { return {bytes_.data(), size_}; }
  // To make each frame of a run another one: where `digits` stand, and others in their place.
  std::size_t place_of(std::string_view digits) const { return bytes_.find(digits); }
  void number_at(std::size_t place, std::size_t digits, std::int64_t number);

 private:
  std::size_t size_;
  std::string bytes_;
};

Frame mark_price_frame(int symbol, std::string_view price);
// All kMarketSymbols in one array, those of the account among them; the others at their own price.
Frame market_frame(std::string_view price);
// kDigits stands where the order id is, to be overwritten by number_at.
inline constexpr std::string_view kDigits = "199033476993";
Frame order_frame(int symbol);    // ORDER_TRADE_UPDATE, NEW
Frame algo_frame(int symbol);     // ALGO_UPDATE, NEW
Frame account_frame(int symbol);  // ACCOUNT_UPDATE of one position
// GET positionRisk of the account (§3).
Frame positions_answer(int positions);

}  // namespace vakthund::bench
