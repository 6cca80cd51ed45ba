// Scenarios as readable transcripts: event lines, and under each the commands the guard answered.
// `plays` runs the event lines through a guard and compares the whole text.
//
//   250ms positions BNBUSDT -2.17@896.80     an event; the time is since the start
//     > order BUY 2.17 BNBUSDT 1-1           a command ("at PRICE" behind it: an IOC limit)
//   wait                                     goes to next_deadline() and ticks there
//
// Events:
//   positions [asked=T] [SYMBOL[/LONG|/SHORT] QUANTITY@ENTRY]...   positions failed [RETRY_AFTER_S]
//   regular|algo [asked=T] [ID:SYMBOL[/SIDE]:BUY|SELL:PRICE]...    regular|algo failed
//   filters SYMBOL STEP TICK BAND     mode one_way|hedge
//   mark SYMBOL PRICE                 moved SYMBOL[/SIDE] QUANTITY     ended
//   ID:SYMBOL:BUY|SELL:PRICE sent|filled|expired N             refused|unknown|limited|unavailable
//   N CODE found N STATUS, none N            the answer to `read order N` canceled|uncanceled
//   SYMBOL regular|algo container done|failed STEP, container seen STATUS POLICY fills SYMBOL
//   ORDER_ID:QUANTITY@PRICE... kill WHY..., rearm [force], restored killing|latched, tick
// N is ATTEMPT-NUMBER, the end of the client id.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/rules/worlds.h"
#include "watchdog/guard/guard.h"

namespace vakthund::guard {

class Transcript {
 public:
  explicit Transcript(GuardSettings settings) : guard_(std::move(settings)) {}

  std::string play(const std::string& script) {
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
      const auto first = line.find_first_not_of(' ');
      if (first != std::string::npos && line[first] == '>') continue;
      text_ += line + "\n";
      if (first == std::string::npos || line[first] == '#') continue;
      event(line);
    }
    return text_;
  }
  const Guard& guard() const { return guard_; }

 private:
  void event(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words[0] == "wait") {
      const auto next = guard_.next_deadline();
      if (!next) {
        text_ += "    > (no deadline)\n";
        return;
      }
      if (*next < now_) text_ += "    > (a deadline in the past)\n";
      now_ = std::max(now_, *next);
      text_ += fmt::format("    > (at {})\n", since_start(now_));
      return tell(Tick{});
    }
    const auto at = model::parse_duration(words[0]);
    VAKTHUND_ASSERT(at.has_value() && test::kNow.mono + *at >= now_);
    now_ = test::kNow.mono + *at;
    words.erase(words.begin());
    tell(parse(words));
  }
  void tell(const Event& event) {
    for (const Command& command : guard_.on(event, {now_, wall(now_)})) {
      std::visit([this](const auto& c) { show(c); }, command);
    }
  }
  static model::WallTime wall(model::MonoTime at) {
    return test::kNow.wall + std::chrono::floor<std::chrono::milliseconds>(at - test::kNow.mono);
  }
  static std::string since_start(model::MonoTime at) {
    using std::chrono::milliseconds;
    return fmt::format("{}ms",
                       std::chrono::duration_cast<milliseconds>(at - test::kNow.mono).count());
  }

  // --- events --------------------------------------------------------------------------------
  static std::pair<std::string, std::string> split(const std::string& word, char at) {
    const auto found = word.find(at);
    if (found == std::string::npos) return {word, ""};
    return {word.substr(0, found), word.substr(found + 1)};
  }
  static model::PositionKey key(const std::string& word) {
    const auto [symbol, side] = split(word, '/');
    return {symbol, side.empty() ? model::PositionSide::both
                                 : model::Open<model::PositionSide>::parse(side).value()};
  }
  static model::Decimal number(const std::string& word) {
    return model::Decimal::parse_exact(word).value();
  }
  model::MonoTime asked(std::vector<std::string>& words) {
    if (words.size() < 2 || !words[1].starts_with("asked=")) return now_;
    const auto at = model::parse_duration(words[1].substr(6));
    words.erase(words.begin() + 1);
    return test::kNow.mono + at.value();
  }
  static model::Order an_order(const std::string& word, bool algo) {
    const auto [id, after_id] = split(word, ':');
    const auto [symbol, after_symbol] = split(after_id, ':');
    const auto [side, price] = split(after_symbol, ':');
    model::Order order =
        test::a_stop(key(symbol).symbol, side == "BUY" ? model::Side::buy : model::Side::sell,
                     number(price), std::stoll(id));
    order.position_side = key(symbol).position_side;
    if (algo) return order;
    order.id.source = model::OrderSource::regular;
    order.type = model::OrderType::limit;
    return order;
  }
  std::string client_id(const std::string& number) const { return "vkt-" + id_ + "-" + number; }
  model::Order ours(const std::string& n, model::OrderStatus status) const {
    model::Order order;
    order.id.id = 9000 + std::stoll(split(n, '-').second);
    order.client_id = client_id(n);
    order.status = status;
    return order;
  }
  static ContainmentStep step(const std::string& word) {
    return word == "pause"     ? ContainmentStep::pause
           : word == "stop"    ? ContainmentStep::stop
           : word == "kill"    ? ContainmentStep::kill
           : word == "inspect" ? ContainmentStep::inspect
                               : ContainmentStep::disable_restart;
  }

  Event parse(std::vector<std::string> w) {
    const std::string what = w[0];
    const bool failed = w.size() > 1 && w[1] == "failed";
    if (what == "positions") {
      if (failed) return read_failed(Read::What::positions, w.size() > 2 ? std::stoi(w[2]) : 0);
      PositionsRead read{{}, asked(w)};
      for (std::size_t i = 1; i + 1 < w.size(); i += 2) {
        const auto [quantity, entry] = split(w[i + 1], '@');
        read.positions.push_back(test::a_position(key(w[i]).symbol, number(quantity), number(entry),
                                                  key(w[i]).position_side));
      }
      return read;
    }
    if (what == "regular" || what == "algo") {
      const bool algo = what == "algo";
      if (failed) {
        return read_failed(algo ? Read::What::algo_orders : Read::What::regular_orders, 0);
      }
      OrdersRead read;
      read.source = algo ? model::OrderSource::algo : model::OrderSource::regular;
      read.asked = asked(w);
      for (std::size_t i = 1; i < w.size(); ++i) read.orders.push_back(an_order(w[i], algo));
      return read;
    }
    if (what == "filters") {
      model::SymbolFilters filters;
      filters.symbol = w[1];
      filters.market_step = number(w[2]);
      filters.tick_size = number(w[3]);
      filters.market_take_ratio = number(w[4]);
      return FiltersRead{{filters}, now_};
    }
    if (what == "mode") {
      AccountConfigRead read;
      read.config.mode =
          w[1] == "hedge" ? model::PositionMode::hedge : model::PositionMode::one_way;
      read.asked = now_;
      return read;
    }
    if (what == "mark") return MarkPrices{{{w[1], number(w[2]), wall(now_)}}};
    if (what == "moved") {
      return PositionChanged{
          {{key(w[1]).symbol, key(w[1]).position_side, number(w[2]), std::nullopt}},
          "ORDER",
          wall(now_)};
    }
    if (what == "ended") {
      model::Order order = an_order(w[1], w.size() < 3);
      order.status = model::OrderStatus::canceled;
      return OrderChanged{order};
    }
    if (what == "sent") return OrderPlaced{client_id(w[1]), ours(w[1], model::OrderStatus::new_)};
    if (what == "filled") return OrderChanged{ours(w[1], model::OrderStatus::filled)};
    if (what == "expired") return OrderChanged{ours(w[1], model::OrderStatus::expired)};
    if (what == "found") {
      const auto status = model::Open<model::OrderStatus>::parse(w[2]).value();
      return OrderRead{client_id(w[1]), ours(w[1], status)};
    }
    if (what == "none") return OrderUnknown{client_id(w[1])};
    static const std::map<std::string, ErrorKind> kKinds = {
        {"refused", ErrorKind::refused},
        {"unknown", ErrorKind::unknown},
        {"limited", ErrorKind::rate_limited},
        {"unavailable", ErrorKind::unavailable}};
    if (const auto kind = kKinds.find(what); kind != kKinds.end()) {
      return OrderFailed{client_id(w[1]),
                         error(kind->second, "the exchange says " + w[2], std::stoi(w[2]),
                               w.size() > 3 ? std::stoi(w[3]) : 0)};
    }
    if (what == "canceled" || what == "uncanceled") {
      const auto source = w[2] == "algo" ? model::OrderSource::algo : model::OrderSource::regular;
      if (what == "canceled") return OrdersCanceled{w[1], source};
      return CancelFailed{w[1], source, error(ErrorKind::unavailable, "HTTP 503")};
    }
    static const std::map<std::string, ContainmentCommand> kBeside = {
        {"hook", {ContainmentStep::stop, ContainmentTarget::hook}},
        {"api", {ContainmentStep::pause, ContainmentTarget::bot_api}},
        {"safe", {ContainmentStep::start, ContainmentTarget::safe_mode}}};
    if (const auto beside = kBeside.find(what); beside != kBeside.end()) {
      const auto& [step, target, reason] = beside->second;
      if (!failed) return ContainmentDone{step, target, w.size() > 2 ? w[2] : ""};
      return ContainmentFailed{step, error(ErrorKind::unavailable, "exit 3"), target};
    }
    if (what == "rests") {
      model::Order order = an_order(w[1], false);
      order.reduce_only = order.close_position = false;
      return OrderChanged{order};
    }
    if (what == "container" && w[1] == "gone") {
      return ContainmentFailed{step(w[2]), error(ErrorKind::not_found, "no such container")};
    }
    if (what == "container" && w[1] == "kept") {
      return ContainmentFailed{ContainmentStep::disable_restart,
                               error(ErrorKind::invalid, "not supported")};
    }
    if (what == "container" && w[1] == "done") return ContainmentDone{step(w[2])};
    if (what == "container" && w[1] == "failed") {
      return ContainmentFailed{step(w[2]), error(ErrorKind::unavailable, "no such socket")};
    }
    if (what == "container") {
      model::Container container;
      container.name = "bot";
      container.status = model::Open<model::ContainerStatus>::parse(w[2]);
      container.restart_policy = w[3];
      if (w.size() > 4) container.id = w[4];
      return ContainerSeen{container};
    }
    if (what == "fills") {
      FillsRead read{w[1], {}};
      for (std::size_t i = 2; i < w.size(); ++i) {
        const auto [order, rest] = split(w[i], ':');
        const auto [quantity, price] = split(rest, '@');
        model::Fill fill;
        fill.trade_id = static_cast<std::int64_t>(i);
        fill.order_id = std::stoll(order);
        fill.symbol = w[1];
        fill.side = model::Side::buy;
        fill.position_side = model::PositionSide::both;
        fill.quantity = number(quantity);
        fill.price = number(price);
        read.fills.push_back(fill);
      }
      return read;
    }
    if (what == "kill") return KillAsked{"command", w.size() > 1 ? w[1] : ""};
    if (what == "rearm") return RearmAsked{"command", w.size() > 1};
    if (what == "restored") {
      id_ = "K1";
      const auto state =
          w[1] == "killing" ? KillRecord::State::killing : KillRecord::State::latched;
      return Restored{{state, id_, "night", "command", wall(now_), 1}};
    }
    VAKTHUND_ASSERT(what == "tick");
    return Tick{};
  }
  static Event read_failed(Read::What what, int retry_after_s) {
    const auto kind = retry_after_s > 0 ? ErrorKind::rate_limited : ErrorKind::unavailable;
    Read read;
    read.what = what;
    read.urgent = true;
    return ReadFailed{read, error(kind, "HTTP 503", 0, retry_after_s)};
  }

  // --- commands ------------------------------------------------------------------------------
  template <class... Args>
  void out(fmt::format_string<Args...> format, Args&&... args) {
    text_ += "    > " + fmt::format(format, std::forward<Args>(args)...) + "\n";
  }
  std::string short_id(const std::string& id) const {
    const auto prefix = "vkt-" + id_ + "-";
    return id.starts_with(prefix) ? id.substr(prefix.size()) : id;
  }
  void show(const Watch&) {}
  void show(const Read& read) {
    out("read {}{}{}", to_string(read.what), read.symbol.empty() ? "" : " " + read.symbol,
        read.client_id.empty() ? "" : " " + short_id(read.client_id));
  }
  void show(const PlaceOrders& place) {
    for (const ReducingOrder& order : place.orders) {
      const bool both = order.reduce_only();
      id_ = split(order.client_id().substr(4), '-').first;
      out("order {} {} {}{} {}{}", to_string(order.side()), order.quantity().to_string(),
          order.symbol(), both ? "" : "/" + std::string(to_string(order.position_side())),
          short_id(order.client_id()),
          order.limit_price() ? " at " + order.limit_price()->to_string() : "");
    }
  }
  void show(const TestOrders& test) {
    for (const ReducingOrder& order : test.orders) {
      out("test {} {} {}", to_string(order.side()), order.quantity().to_string(), order.symbol());
    }
  }
  void show(const SaveBaseline&) {}
  void show(const CancelOrders& cancel) {
    out("cancel {} {}", cancel.symbol, to_string(cancel.source));
  }
  void show(const ContainmentCommand& command) {
    out("{} {}", to_string(command.target), to_string(command.step));
  }
  void show(const Alert& alert) { out("alert {}: {}", alert.event, alert.title); }
  void show(const Record& record) {
    const bool json = record.text.starts_with("{");
    out("record {}{}", record.kind, json ? "" : ": " + record.text);
  }
  void show(const SaveKill& save) {
    static const char* kStates[] = {"armed", "killing", "latched"};
    if (!save.kill.id.empty()) id_ = save.kill.id;
    out("save {} attempt {}", kStates[static_cast<int>(save.kill.state)], save.kill.attempt);
  }
  void show(const SaveIncident& save) {
    out("incident {} {} {}", save.finding.rule, save.finding.symbol, save.state);
  }

  Guard guard_;
  model::MonoTime now_ = test::kNow.mono;
  std::string id_ = "K1763601780000";
  std::string text_;
};

inline testing::AssertionResult plays(GuardSettings settings, const std::string& script) {
  settings.account = "main";
  const std::string played = Transcript(std::move(settings)).play(script);
  if (played == script) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "it went like this:\n<<<" << played << ">>>";
}

}  // namespace vakthund::guard
