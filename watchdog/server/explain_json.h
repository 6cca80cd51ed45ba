// An ExplainView as JSON, for `explain --json`. Money, prices, quantities and ratios are strings,
// unknown is null; keys in this order:
//
// { "status", "time", "mode", "symbol", "error": "" or why nothing can be said,
//   "accounts": [ { "name", "trouble",
//     "positions": [ { "symbol", "side", "position_side", "quantity", "entry_price", "mark_price",
//       "implied_price", "liquidation_price", "leverage", "notional", "margin", "equity",
//       "protection": { "status", "covered_quantity" },
//       "orders": [ { "id", "source", "type", "side", "status", "trigger_price", "working_type",
//                     "distance_ratio", "effective", "crossed", "why" } ],
//       "arithmetic": { "now": L, "at_stop": L and "basis", "at_liquidation": L },
//         where L is { "price", "loss", "of_notional", "of_margin", "of_equity" }
//       "theories": [ { "theory": "A".."F", "name", "title", "verdict": "supported" | "undecided" |
//                     "refuted", "for": [ "…" ], "against": [ … ], "missing": [ … ] } ],
//       "remedies": { "right": [ "…" ], "wrong": [ "…" ] } } ],
//     "known": [ "…" ], "open_symbols": [ "…" ],
//     "findings": [ as in status_json.h ], "undecided": [ as in status_json.h ] } ] }
//
// `notional` is at entry; theories come worst first. Text that is not UTF-8 is repaired.
#pragma once

#include <string>

#include "watchdog/server/explain_view.h"

namespace vakthund::server {

// One document, indented by two, with a final newline.
std::string write_explanation(const ExplainView& view);

}  // namespace vakthund::server
