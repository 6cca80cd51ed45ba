#include "watchdog/binance/deafness.h"

#include <set>

namespace vakthund::binance {

void Deafness::announced(const guard::PositionChanged& change) {
  for (const auto& row : change.rows) {
    seen_[{row.symbol, row.position_side}] = {row.quantity, std::nullopt};
  }
}

void Deafness::note(const model::PositionKey& key, model::Decimal quantity, model::MonoTime now) {
  Seen& seen = seen_[key];
  // An answer that is older than the announcement looks like a change back: it heals with the next.
  if (seen.quantity == quantity) {
    seen.unannounced_since.reset();
  } else if (first_) {
    seen = {quantity, std::nullopt};
  } else if (!seen.unannounced_since) {
    seen.unannounced_since = now;
  }
}

bool Deafness::read(const std::vector<model::Position>& positions, model::MonoTime now) {
  std::set<model::PositionKey> listed;
  for (const model::Position& position : positions) {
    listed.insert(position.key());
    note(position.key(), position.quantity, now);
  }
  for (auto& [key, seen] : seen_) {
    if (!listed.contains(key)) note(key, model::Decimal(), now);
  }
  first_ = false;
  for (const auto& [key, seen] : seen_) {
    if (seen.unannounced_since && now - *seen.unannounced_since >= kPatience) {
      reset();
      return true;
    }
  }
  std::erase_if(seen_, [](const auto& entry) {
    return entry.second.quantity.is_zero() && !entry.second.unannounced_since;
  });
  return false;
}

void Deafness::reset() {
  seen_.clear();
  first_ = true;
}

}  // namespace vakthund::binance
