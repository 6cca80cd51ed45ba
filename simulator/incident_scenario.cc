// The same text as scenarios/incident.yaml; a test holds the two together.
#include "simulator/scenario.h"

namespace vakthund::simulator {

const std::string& incident_scenario() {
  static const std::string text =
      R"yaml(# The incident's first act, standing still: 2025-11-20 01:23 UTC, four positions at 20x, three
# stops, one position with a take profit only. Losses grow, and no stop has been crossed.
symbols:
  BTCUSDT: { price: 92415.80, mark: 92415.82 }
  BNBUSDT: { price: 906.33 }
  SOLUSDT: { price: 140.61 }
  DOTUSDT: { price: 2.715 }
  ETHUSDT: { price: 3020.00 }
accounts:
  - name: main
    mode: one_way
    wallet: 1000
    leverage: 20
    positions:
      - { symbol: BNBUSDT, side: SHORT, quantity: 2.17, entry: 896.80 }
      - { symbol: BTCUSDT, side: SHORT, quantity: 0.013, entry: 91508.90 }
      - { symbol: SOLUSDT, side: SHORT, quantity: 1.2, entry: 139.01 }
      - { symbol: DOTUSDT, side: LONG, quantity: 143, entry: 2.6750 }
    algo_orders:
      - { symbol: BNBUSDT, side: BUY, type: STOP_MARKET, trigger: 914.74, close_position: true, working_type: MARK_PRICE }
      - { symbol: BTCUSDT, side: BUY, type: STOP_MARKET, trigger: 93339.10, close_position: true, working_type: MARK_PRICE }
      - { symbol: SOLUSDT, side: BUY, type: STOP_MARKET, trigger: 141.79, close_position: true, working_type: MARK_PRICE }
      - { symbol: DOTUSDT, side: SELL, type: TAKE_PROFIT_MARKET, trigger: 2.755, close_position: true, working_type: MARK_PRICE }
)yaml";
  return text;
}

}  // namespace vakthund::simulator
