#include "tests/sim/truth.h"

#include <fmt/format.h>

#include <algorithm>

namespace vakthund::sim {
namespace {

using namespace std::chrono_literals;
using namespace model::literals;
using model::Decimal;
using model::PositionSide;
using model::Side;
using simulator::AlgoOrder;
using simulator::Position;

std::string parameter(const std::string& query, std::string_view name) {
  const auto at = query.find(std::string(name) + "=");
  if (at == query.npos) return "";
  const auto begin = at + name.size() + 1;
  return query.substr(begin, query.find('&', begin) - begin);
}

bool is_stop_of(const AlgoOrder& algo, const Position& position) {
  const bool closes = (position.quantity.sign() > 0) == (algo.side == Side::sell);
  const bool stop = algo.type == "STOP_MARKET" || algo.type == "STOP";
  return stop && closes && algo.symbol == position.symbol && algo.position_side == position.side;
}

}  // namespace

bool Truth::flat() const {
  return std::all_of(stage_.account->positions.begin(), stage_.account->positions.end(),
                     [](const auto& item) { return item.second.quantity.is_zero(); });
}

bool Truth::no_orders() const {
  return stage_.account->open_orders.empty() && stage_.account->open_algos.empty();
}

bool Truth::only_orders_since_proof() const {
  constexpr auto kSlack = 1s;  // of the reads it was made of
  for (const std::int64_t id : stage_.account->open_orders) {
    if (stage_.account->orders.at(id).created < proven_ - kSlack) return false;
  }
  for (const std::int64_t id : stage_.account->open_algos) {
    if (stage_.account->algos.at(id).created < proven_ - kSlack) return false;
  }
  return proven_ != WallTime{};
}

void Truth::before(const binance::Request& request, const simulator::Request& bytes) {
  order_under_way_ = bytes.method == "POST" &&
                     (bytes.path == "/fapi/v1/order" || bytes.path == "/fapi/v1/batchOrders");
  if (request.effect == binance::Effect::changes) {
    moved_something_ = true;
    if (!stage_.recipe.armed && !person_asked_) {
      stage_.fail(Invariant::hands_off, "sent " + bytes.path + " in observe");
    }
  }
  if (order_under_way_) {
    held_before_.clear();
    for (const auto& [key, position] : stage_.account->positions) {
      held_before_[key] = position.quantity;
    }
  }
  if (bytes.method != "DELETE" || bytes.path != "/fapi/v1/algoOpenOrders") return;
  stage_.tally.check(Invariant::stops_last);
  const std::string symbol = parameter(bytes.query, "symbol");
  const auto open = open_since_.find(symbol);
  const Duration slack = stage_.recipe.hides() ? Duration(12s) : Duration(2s);
  if (open == open_since_.end() || stage_.recipe.lies()) return;
  if (stage_.time.now() - open->second > slack) {
    stage_.fail(Invariant::stops_last, symbol + " is open and its stops are cancelled");
  }
}

void Truth::after() {
  if (!order_under_way_) return;
  order_under_way_ = false;
  stage_.tally.check(Invariant::reduces);
  for (const auto& [key, position] : stage_.account->positions) {
    const Decimal before = held_before_[key], now = position.quantity;
    const bool grew = now.abs() > before.abs();
    const bool flipped = !now.is_zero() && now.sign() != before.sign();
    if (!grew && !flipped) continue;
    stage_.fail(Invariant::reduces, fmt::format("an order of ours made {} of {} {}", key.first,
                                                before.to_string(), now.to_string()));
  }
}

void Truth::note() {
  std::set<std::string> open;
  for (const auto& [key, position] : stage_.account->positions) {
    if (!position.quantity.is_zero()) open.insert(key.first);
  }
  std::erase_if(open_since_, [&](const auto& item) { return !open.contains(item.first); });
  for (const std::string& symbol : open) open_since_.try_emplace(symbol, stage_.time.now());
  const bool clean = open.empty() && no_orders();
  if (clean_.empty() || clean_.back().second != clean) {
    clean_.emplace_back(stage_.time.now(), clean);
  }
  for (const std::int64_t id : stage_.account->open_algos) {
    const AlgoOrder& algo = stage_.account->algos.at(id);
    const auto held = stage_.account->positions.find({algo.symbol, algo.position_side});
    if (held == stage_.account->positions.end() || !is_stop_of(algo, held->second)) continue;
    last_stops_[held->first] = {algo.trigger, algo.working_type != "MARK_PRICE",
                                held->second.updated};
  }
}

bool Truth::was_clean(MonoTime when) const {
  bool clean = false;
  for (const auto& [since, state] : clean_) {
    if (since > when) break;
    clean = state;
  }
  return clean;
}

bool Truth::crossed(const Position& position, Decimal trigger, bool on_last) const {
  const simulator::Symbol& s = *stage_.venue.exchange().symbol(position.symbol);
  const Decimal price = on_last ? s.last : s.truncated_mark();
  return position.quantity.sign() > 0 ? price <= trigger : price >= trigger;
}

std::int64_t Truth::newest_stop_of(const Position& position) const {
  const auto& algos = stage_.account->algos;
  const auto newest = std::find_if(algos.rbegin(), algos.rend(), [&](const auto& item) {
    return is_stop_of(item.second, position);
  });
  return newest == algos.rend() ? 0 : newest->first;
}

std::set<Danger> Truth::dangers_of(const Position& position) {
  std::set<Danger> dangers;
  const simulator::Symbol& s = *stage_.venue.exchange().symbol(position.symbol);
  Decimal covered;
  bool stands = false, through = false;
  for (const std::int64_t id : stage_.account->open_algos) {
    const AlgoOrder& algo = stage_.account->algos.at(id);
    if (!is_stop_of(algo, position)) continue;
    stands = true;
    if (crossed(position, algo.trigger, algo.working_type != "MARK_PRICE")) {
      through = true;
      continue;
    }
    covered =
        simulator::plus(covered, algo.close_position ? position.quantity.abs() : algo.quantity);
  }
  if (covered < position.quantity.abs()) dangers.insert(Danger::naked);
  const auto last = last_stops_.find({position.symbol, position.side});
  if (!stands && last != last_stops_.end() && last->second.position_updated == position.updated) {
    through = crossed(position, last->second.trigger, last->second.on_last);
  }
  if (through) dangers.insert(Danger::crossed);
  const Decimal move = simulator::times(simulator::minus(s.mark, position.entry),
                                        Decimal::whole(position.quantity.sign()));
  if (move < simulator::times(position.entry, -0.0195_d)) last_danger_ = stage_.time.now();
  if (move < simulator::times(position.entry, -0.0205_d)) dangers.insert(Danger::loss);
  for (const auto& [id, algo] : stage_.account->algos) {
    const bool failed =
        algo.status == "REJECTED" || (algo.status == "FINISHED" && algo.child_quantity.is_zero());
    if (!failed || !is_stop_of(algo, position)) continue;
    last_danger_ = stage_.time.now();
    if (position.updated > algo.created) continue;
    const auto later =
        std::find_if(stage_.account->algos.upper_bound(id), stage_.account->algos.end(),
                     [&](const auto& item) { return is_stop_of(item.second, position); });
    if (later == stage_.account->algos.end()) dangers.insert(Danger::rejected);
  }
  return dangers;
}

void Truth::look(const guard::Guard* guard) {
  const MonoTime now = stage_.time.now();
  for (const Served& one : stage_.recipe.troubles) {
    if (menu(one.trouble).hides && stage_.lasts(one)) blind_until_ = now + 18s;
  }
  if (!guard) blind_until_ = now + 18s;
  if (stage_.has_gap()) blind_until_ = MonoTime::max() - 1h;
  std::set<std::pair<Key, Danger>> there;
  for (const auto& [key, position] : stage_.account->positions) {
    if (position.quantity.is_zero()) continue;
    const std::int64_t newest = newest_stop_of(position);
    for (const Danger danger : dangers_of(position)) {
      there.insert({key, danger});
      Hazard& hazard = hazards_[{key, danger}];
      if (hazard.since == MonoTime{} || hazard.position_updated != position.updated ||
          hazard.newest_stop != newest) {
        hazard = {now, position.updated, newest, false};
      }
      last_danger_ = now;
      if (guard) must_be_found(key, danger, hazard, *guard);
    }
  }
  std::erase_if(hazards_, [&](const auto& item) { return !there.contains(item.first); });
}

void Truth::must_be_found(const Key& key, Danger danger, Hazard& hazard,
                          const guard::Guard& guard) {
  constexpr Duration kFreshness = 15s, kSlack = 2s;
  static constexpr std::pair<std::string_view, Duration> kRules[] = {{"", {}},
                                                                     {"unprotected", 10s},
                                                                     {"stop_crossed", 3s},
                                                                     {"loss_limit", 3s},
                                                                     {"stop_not_filled", 5s},
                                                                     {"stop_crossed", 3s},
                                                                     {"stop_not_filled", 5s}};
  const auto& [rule, hold] = kRules[static_cast<std::size_t>(danger)];
  const Recipe& recipe = stage_.recipe;
  const bool endangered = recipe.danger != Danger::none &&
                          recipe.holdings.at(recipe.endangered).symbol == key.first &&
                          stage_.time.since_start() >= recipe.danger_at;
  if (endangered) injected_ = true;
  const guard::Incident* incident = guard.incidents().find(rule, {key.first, key.second});
  const bool fires = incident && incident->state == guard::Incident::State::firing;
  const bool acted_on = guard.kill_record().state != guard::KillRecord::State::armed ||
                        (guard.plan() && !guard.plan()->done());
  if (fires || acted_on || hazard.told) return;
  const MonoTime visible = std::max(hazard.since, blind_until_);
  if (stage_.time.now() <= visible + hold + kFreshness + kSlack) return;
  // A process that began after the stop had gone cannot know of it.
  const bool forgotten = danger == Danger::crossed || danger == Danger::rejected;
  if (forgotten && (recipe.hides() || !stage_.account->open_algos.empty())) return;
  hazard.told = true;
  stage_.fail(Invariant::found,
              fmt::format("{} of {} is not found by {} after {}", to_string(danger), key.first,
                          rule, model::to_text(stage_.time.now() - visible)));
}

void Truth::command(const guard::Command& command, const guard::Guard& guard) {
  if (const auto* alert = std::get_if<guard::Alert>(&command)) return check_alert(*alert, guard);
  if (const auto* step = std::get_if<guard::ContainmentCommand>(&command)) {
    if (stage_.recipe.armed || step->step == guard::ContainmentStep::inspect) return;
    if (!person_asked_) stage_.fail(Invariant::hands_off, "a container was touched in observe");
  }
  if (const auto* record = std::get_if<guard::Record>(&command);
      record && record->kind == "kill.intent") {
    record->text.starts_with("kill ") ? ++stage_.tally.kills : ++stage_.tally.actions;
    // LIMITATION: the fresh read before an action is of positions alone; after a gap the order
    // lists that `unprotected` rests on may be a minute old.
    if (stage_.recipe.lies() || stage_.has_gap()) return;
    if (record->text.find(" by rule ") == record->text.npos) return;
    stage_.tally.check(Invariant::caused);
    if (!last_danger_ || stage_.time.now() - *last_danger_ > 20s) {
      stage_.fail(Invariant::caused, "nothing was wrong, and yet: " + record->text);
    }
  }
}

void Truth::check_alert(const guard::Alert& alert, const guard::Guard& guard) {
  if (alert.event == "incident.firing") {
    stage_.tally.fire(alert.finding.rule);
    const Recipe& recipe = stage_.recipe;
    const bool of_the_danger = recipe.danger != Danger::none &&
                               stage_.time.since_start() >= recipe.danger_at &&
                               recipe.holdings.at(recipe.endangered).symbol == alert.finding.symbol;
    if (of_the_danger) found_ = injected_ = true;
    if (stage_.recipe.kind == Kind::calm) {
      stage_.fail(Invariant::calm, alert.finding.rule + " fires: " + alert.finding.message);
    }
    return;
  }
  if (alert.event != "kill.finished" || !guard.plan()) return;
  const guard::Receipt& receipt = guard.plan()->receipt();
  if (!receipt.flat || !receipt.flat_after || receipt.action != "kill") return;
  const MonoTime proof = stage_.time.now() - receipt.took + *receipt.flat_after;
  proven_ = stage_.time.exchange_wall() -
            std::chrono::floor<std::chrono::milliseconds>(receipt.took - *receipt.flat_after);
  // Whoever trades while it is being proven may be missed; the latch sees to that.
  const bool disturbed = last_foreign_ > proof - 8s || stage_.recipe.lies();
  if (disturbed) return;
  stage_.tally.check(Invariant::proven);
  if (!was_clean(proof)) stage_.fail(Invariant::proven, "the receipt says flat, and it is not so");
}

}  // namespace vakthund::sim
