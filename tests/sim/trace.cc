#include "tests/sim/trace.h"

#include <fmt/format.h>

namespace vakthund::sim {
namespace {

using namespace guard;

std::string list(const std::vector<model::Position>& positions) {
  std::string text;
  for (const auto& p : positions) text += fmt::format(" {} {}", p.symbol, p.quantity.to_string());
  return text;
}

std::string words(const model::Order& order) {
  return fmt::format("{} {} {} {} {} {}", to_string(order.id.source), order.symbol, order.client_id,
                     order.type.text(), order.status.text(), to_text(order.trigger_price));
}

struct EventWords {
  std::string operator()(const PositionsRead& e) const {
    return "positions" + (e.positions.empty() ? " none" : list(e.positions));
  }
  std::string operator()(const OrdersRead& e) const {
    std::string text =
        fmt::format("{} orders{}", to_string(e.source), e.symbol.empty() ? "" : " of " + e.symbol);
    for (const auto& order : e.orders) text += " | " + words(order);
    return text;
  }
  std::string operator()(const ReadFailed& e) const {
    return fmt::format("read of {} failed: {} ({})", to_string(e.read.what), e.error.message,
                       to_string(e.error.kind));
  }
  std::string operator()(const MarkPrices& e) const {
    std::string text = "marks";
    for (const auto& tick : e.ticks) {
      text += fmt::format(" {} {}", tick.symbol, tick.price.to_string());
    }
    return text;
  }
  std::string operator()(const PositionChanged& e) const {
    std::string text = "told";
    for (const auto& row : e.rows)
      text += fmt::format(" {} {}", row.symbol, row.quantity.to_string());
    return text;
  }
  std::string operator()(const OrderChanged& e) const { return "told " + words(e.order); }
  std::string operator()(const StreamState& e) const {
    return fmt::format("{} is {} {}", to_string(e.feed), e.up ? "up" : "down", e.why);
  }
  std::string operator()(const Undecodable& e) const { return "undecodable " + e.what; }
  std::string operator()(const OrderRead& e) const { return "found " + words(e.order); }
  std::string operator()(const OrderUnknown& e) const { return "no order " + e.client_id; }
  std::string operator()(const OrderPlaced& e) const { return "placed " + words(e.order); }
  std::string operator()(const OrderFailed& e) const {
    return fmt::format("order {} failed: {} ({})", e.client_id, e.error.message,
                       to_string(e.error.kind));
  }
  std::string operator()(const OrdersCanceled& e) const {
    return fmt::format("cancelled {} {}", e.symbol, to_string(e.source));
  }
  std::string operator()(const CancelFailed& e) const {
    return fmt::format("cancel {} {} failed: {}", e.symbol, to_string(e.source), e.error.message);
  }
  std::string operator()(const ContainmentDone& e) const {
    return fmt::format("engine did {}", to_string(e.step));
  }
  std::string operator()(const ContainmentFailed& e) const {
    return fmt::format("engine failed to {}: {}", to_string(e.step), e.error.message);
  }
  std::string operator()(const ContainerSeen& e) const {
    return fmt::format("container {} {}", e.container.status.text(), e.container.restart_policy);
  }
  std::string operator()(const KillAsked& e) const { return "a person asks: " + e.reason; }
  std::string operator()(const Restored& e) const {
    return fmt::format("restored {} attempt {}", static_cast<int>(e.kill.state), e.kill.attempt);
  }
  std::string operator()(const ClaimSeen& e) const { return "log: " + e.claim.line; }
  std::string operator()(const FillSeen& e) const {
    return fmt::format("fill {} {} {}", e.fill.symbol, e.fill.quantity.to_string(),
                       e.fill.price.to_string());
  }
  std::string operator()(const Tick&) const { return "tick"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

struct CommandWords {
  std::string operator()(const Read& c) const {
    return fmt::format("read {} {} {}{}", to_string(c.what), c.symbol, c.client_id,
                       c.urgent ? "urgent" : "");
  }
  std::string operator()(const Watch& c) const {
    return fmt::format("watch {} symbols", c.symbols.size());
  }
  std::string operator()(const PlaceOrders& c) const {
    std::string text = "order";
    for (const auto& o : c.orders) {
      text += fmt::format(" {} {} {} {}", to_string(o.side()), o.quantity().to_string(), o.symbol(),
                          o.client_id());
    }
    return text;
  }
  std::string operator()(const TestOrders& c) const {
    return fmt::format("test {} orders", c.orders.size());
  }
  std::string operator()(const CancelOrders& c) const {
    return fmt::format("cancel {} {}", c.symbol, to_string(c.source));
  }
  std::string operator()(const ContainmentCommand& c) const {
    return fmt::format("{} {}", to_string(c.target), to_string(c.step));
  }
  std::string operator()(const Alert& c) const {
    std::string text = c.text;
    for (char& ch : text) ch = ch == '\n' ? '/' : ch;
    return fmt::format("alert {}: {} / {}", c.event, c.title, text);
  }
  std::string operator()(const Record& c) const { return "record " + c.kind + " " + c.text; }
  std::string operator()(const SaveKill& c) const {
    return fmt::format("save kill {} attempt {}", static_cast<int>(c.kill.state), c.kill.attempt);
  }
  std::string operator()(const SaveIncident& c) const {
    return fmt::format("incident {} {} {}", c.finding.rule, c.finding.symbol, c.state);
  }
  std::string operator()(const SaveBaseline&) const { return "save baseline"; }
};

}  // namespace

std::string describe(const Event& event) { return std::visit(EventWords{}, event); }
std::string describe(const Command& command) { return std::visit(CommandWords{}, command); }

void Trace::line(const std::string& text) {
  if (!on()) return;
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time_.since_start());
  const std::string whole =
      fmt::format("{:>11.6f} {}\n", static_cast<double>(us.count()) / 1e6, text);
  for (const unsigned char c : whole) hash_ = (hash_ ^ c) * 1099511628211u;
  if (mode_ == Mode::printed) std::fputs(whole.c_str(), stdout);
}

void Trace::event(const Event& event) {
  if (!on()) return;
  const std::string text = describe(event);
  if (!text.empty()) line("  < " + text);
}

void Trace::command(const Command& command) {
  if (on()) line("  > " + describe(command));
}

}  // namespace vakthund::sim
