// What the guard wants done, as values, in the order in which it must be begun. The shell executes
// them and answers with events; it decides nothing.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/model/account.h"
#include "rules/model/finding.h"
#include "rules/model/order.h"
#include "rules/model/position.h"
#include "rules/model/time.h"
#include "watchdog/guard/reducing_order.h"

namespace vakthund::guard {

// --- reads: answered by the event of the same name, or by ReadFailed -------------------------

struct Read {
  enum class What {
    positions,
    regular_orders,
    algo_orders,
    account,
    account_config,
    symbol_configs,
    filters,
    fills,
    order,
    regular_history,  // allOrders
    algo_history,     // allAlgoOrders
    income,
    forced_orders
  };
  What what = What::positions;
  std::string symbol;       // empty: all (fills, order and the histories need one)
  std::string client_id;    // with order
  model::WallTime since{};  // with fills, the histories, income and forced_orders
  bool urgent = false;      // part of a kill: may use the weight that is held back
  friend bool operator==(const Read&, const Read&) = default;
};
std::string_view to_string(Read::What what);

// What the account is about just now: the source reads these symbols' orders, and follows the last
// price of those whose stops watch it. Sent whenever either list changes.
struct Watch {
  std::vector<std::string> symbols;             // with a position or an order, sorted
  std::vector<std::string> last_price_symbols;  // sorted, a part of `symbols`
  // With a position: the source reads their trades and order histories after a gap, and when they
  // are new here. Sorted, a part of `symbols`.
  std::vector<std::string> position_symbols{};
  friend bool operator==(const Watch&, const Watch&) = default;
};

// --- what changes something; in `observe` only a person's kill sends any of these ------------

struct PlaceOrders {  // all at once, in parallel or in batches
  std::vector<ReducingOrder> orders;
  friend bool operator==(const PlaceOrders&, const PlaceOrders&) = default;
};
// Whether the exchange would accept them just now (order/test): nothing is placed. Answered by one
// OrderTested for each.
struct TestOrders {
  std::vector<ReducingOrder> orders;
  friend bool operator==(const TestOrders&, const TestOrders&) = default;
};
struct CancelOrders {  // every open order of one list of one symbol
  std::string symbol;
  model::OrderSource source = model::OrderSource::regular;
  friend bool operator==(const CancelOrders&, const CancelOrders&) = default;
};
// What keeps the bot from trading (docs/containment.md).
enum class ContainmentTarget {
  container,  // what the bot runs in: a container, or the systemd unit that is configured instead
  bot_api,    // pause: no new entries
  hook,       // stop: runs the operator's program
  safe_mode   // start: another container, never the bot's own
};
enum class ContainmentStep { pause, stop, kill, disable_restart, inspect, start };
std::string_view to_string(ContainmentTarget target);
std::string_view to_string(ContainmentStep step);
// Answered by ContainmentDone or ContainmentFailed of the same step and target; inspect by
// ContainerSeen.
struct ContainmentCommand {
  ContainmentStep step = ContainmentStep::pause;
  ContainmentTarget target = ContainmentTarget::container;
  std::string reason{};  // with hook: why, for its environment
  friend bool operator==(const ContainmentCommand&, const ContainmentCommand&) = default;
};

// --- telling and remembering ----------------------------------------------------------------

// For people: journalled, then delivered at least once.
struct Alert {
  std::string event;     // "incident.firing", "kill.finished", … (product.md §8)
  std::string incident;  // its id; empty: none
  model::Severity severity = model::Severity::warning;
  std::string title;        // one line
  std::string text;         // what a person must know, a few lines
  model::Finding finding;   // with incident.*
  std::string detail_json;  // with kill.finished: the receipt; empty: none
  friend bool operator==(const Alert&, const Alert&) = default;
};
// For the journal alone: what was seen, decided, sent, answered.
struct Record {
  std::string kind;  // "kill.intent", "order.sent", …
  std::string incident;
  std::string text;
  friend bool operator==(const Record&, const Record&) = default;
};
// The switch's durable state: written before anything else is told.
struct KillRecord {
  enum class State { armed, killing, latched };
  State state = State::armed;
  std::string id;  // "K20251120T012300"; empty when armed
  std::string reason;
  std::string by;
  model::WallTime started{};
  int attempt = 0;  // grows with each resumption: keeps client ids unique
  friend bool operator==(const KillRecord&, const KillRecord&) = default;
};
struct SaveKill {
  KillRecord kill;
  friend bool operator==(const SaveKill&, const SaveKill&) = default;
};
// The state of an incident changed: the database keeps its newest state.
struct SaveIncident {
  std::string id;
  std::string state;  // pending | firing | resolved | lapsed (it ended before it fired)
  model::Finding finding;
  model::WallTime since{};
  model::WallTime at{};
  friend bool operator==(const SaveIncident&, const SaveIncident&) = default;
};
// The peak of a drawdown survives restarts.
struct SaveBaseline {
  model::Baseline baseline;
  friend bool operator==(const SaveBaseline&, const SaveBaseline&) = default;
};

using Command = std::variant<Read, Watch, PlaceOrders, TestOrders, CancelOrders, ContainmentCommand,
                             Alert, Record, SaveKill, SaveIncident, SaveBaseline>;
using Commands = std::vector<Command>;

}  // namespace vakthund::guard
