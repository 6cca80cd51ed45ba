#include "watchdog/binance/decode.h"

#include <gtest/gtest.h>

#include "tests/watchdog/binance/padded.h"
#include "tests/watchdog/binance/samples.h"

namespace vakthund::binance {
namespace {

using model::from_epoch_ms;
using model::OrderSource;
using model::PositionSide;
using namespace model::literals;

struct Positions {
  bool good = false;
  std::vector<model::Position> rows;
  Notes notes;
};
Positions positions(const Padded& text) {
  Positions read;
  read.good = decode_positions(text, read.rows, read.notes);
  return read;
}

// Every reader over every recorded body, damaged at every place: it may only answer.
void read_with_everything(const std::string& text) {
  const Padded padded(text);
  Notes notes;
  std::vector<model::Position> positions;
  std::vector<model::Order> orders;
  std::vector<model::SymbolFilters> filters;
  std::vector<BatchReply> replies;
  RateLimits limits;
  decode_positions(padded, positions, notes);
  decode_orders(padded, OrderSource::algo, orders, notes);
  decode_exchange_info(padded, filters, limits, notes);
  decode_batch(padded, replies, notes);
  std::vector<model::Income> income;
  std::vector<model::Fill> fills;
  decode_income(padded, income, notes);
  decode_fills(padded, fills, notes);
  decode_order_history(padded, OrderSource::regular, orders, notes);
  model::AccountTotals totals;
  decode_account(padded, totals, notes);
  int code = 0;
  std::string message;
  decode_error_body(padded, code, message);
}

TEST(Decoders, SurviveEveryTruncationAndDamage) {
  const std::string texts[] = {samples::kPositionRisk,
                               samples::kOpenAlgoOrders,
                               samples::kAccount,
                               samples::kExchangeInfo,
                               samples::kIncome,
                               samples::kUserTrades,
                               "[" + std::string(samples::kOpenOrder) + ",{\"code\":-1}]"};
  constexpr std::string_view kDamage = "\"{}[],:\\0-e tnf\n";
  for (const std::string& text : texts) {
    for (std::size_t i = 0; i <= text.size(); ++i) read_with_everything(text.substr(0, i));
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string damaged = text;
      for (const char c : kDamage) {
        damaged[i] = c;
        read_with_everything(damaged);
      }
    }
  }
}

TEST(Decoders, SurviveEveryPrintableByteInAPosition) {
  const std::string text = samples::kPositionRisk;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    for (int c = 0; c < 256; ++c) {
      damaged[i] = static_cast<char>(c);
      const Positions read = positions(damaged);
      // Whatever was hit: a position is told, or the read has failed, or its amount became zero.
      if (read.good && read.rows.empty()) {
        const auto at = damaged.find("positionAmt") + 14;
        const auto amount = model::Decimal::parse(damaged.substr(at, 5));
        EXPECT_TRUE(amount && amount->is_zero()) << damaged;
      }
    }
  }
}

TEST(Decoders, SurviveDeepNesting) {
  std::string deep = R"([{"symbol":)";
  for (int i = 0; i < 5000; ++i) deep += "[{\"a\":";
  read_with_everything(deep);
  read_with_everything(std::string(100'000, '['));
  read_with_everything(std::string(100'000, '{'));
}

}  // namespace
}  // namespace vakthund::binance
