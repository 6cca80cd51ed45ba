// What was traded and by whom: the fills of each symbol, each attributed to who sent its order.
//
// Streams tell the client id with a fill; lists do not, and are attributed by what order histories
// told of the order id. A fill is told once however often it is heard (by its trade id). A list
// says from when on the fills are complete; a gap of the stream ends that.
//
// Pure. Limits: kMaxOrders order ids are remembered, SymbolBook::kMaxFills fills per symbol; the
// oldest are forgotten, and `fills_since` moves with them. Source: binance.md §3 (userTrades), §7.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/model/snapshot.h"
#include "watchdog/guard/event.h"

namespace vakthund::guard {

class Trades {
 public:
  void set_bot_client_ids(std::vector<std::string> prefixes) { prefixes_ = std::move(prefixes); }

  // Remembers who sent the order, and the order that an algo order became.
  void learn(const model::Order& order);
  model::Origin origin_of(const model::Fill& fill) const;
  model::Origin origin_of(const model::Order& order) const;

  // The fill as it was kept, or nullptr where it was known already.
  const model::Fill* add(model::SymbolBook& book, model::Fill fill);
  void add(model::SymbolBook& book, const FillsRead& read);
  // A liquidation or ADL that nobody told us of when it happened: its order stands for its fills
  // until they are read.
  void add_forced(model::SymbolBook& book, const model::Order& order);
  // Gives names to fills that had none, now that more orders are known.
  void attribute(model::SymbolBook& book) const;

  static constexpr std::size_t kMaxOrders = 8192;

 private:
  void remember(std::int64_t order_id, const std::string& client_id);

  std::vector<std::string> prefixes_;
  std::unordered_map<std::int64_t, std::string> client_ids_;  // by order id
  std::deque<std::int64_t> remembered_;                       // oldest first
};

}  // namespace vakthund::guard
