// What is really so at the venue, and what must hold of it (ARCHITECTURE.md, "Invariants"): it
// stands between our requests and the venue, looks at the account after everything that happens,
// and judges for itself what is dangerous. It shares no code with the rules.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/stage.h"
#include "watchdog/binance/request.h"
#include "watchdog/guard/guard.h"

namespace vakthund::sim {

class Truth {
 public:
  explicit Truth(Stage& stage) : stage_(stage) {}

  // Around each request of ours, at the venue.
  void before(const binance::Request& request, const simulator::Request& bytes);
  void after();
  // After anything.
  void note();
  // Twice a second: what is dangerous, and whether it was found. nullptr: no process runs.
  void look(const guard::Guard* guard);
  void command(const guard::Command& command, const guard::Guard& guard);
  void foreign_act() { last_foreign_ = stage_.time.now(); }
  void process_began() { blind_until_ = stage_.time.now() + std::chrono::seconds(18); }
  void person_asked() { person_asked_ = true; }

  bool flat() const;
  bool no_orders() const;
  // Whatever rests was placed after the last kill had proven that nothing does.
  bool only_orders_since_proof() const;
  // Whether this danger of the recipe came to be, and was found.
  bool injected() const { return injected_; }
  bool found() const { return found_; }
  bool moved_something() const { return moved_something_; }

 private:
  using Key = simulator::Account::PositionKey;
  struct Hazard {
    MonoTime since{};
    WallTime position_updated{};
    std::int64_t newest_stop = 0;  // a stop that came and went begins it anew
    bool told = false;
  };
  struct Stop {
    model::Decimal trigger;
    bool on_last = false;
    WallTime position_updated{};
  };
  std::set<Danger> dangers_of(const simulator::Position& position);
  std::int64_t newest_stop_of(const simulator::Position& position) const;
  bool crossed(const simulator::Position& position, model::Decimal trigger, bool on_last) const;
  void must_be_found(const Key& key, Danger danger, Hazard& hazard, const guard::Guard& guard);
  void check_alert(const guard::Alert& alert, const guard::Guard& guard);
  bool was_clean(MonoTime when) const;

  Stage& stage_;
  std::map<Key, model::Decimal> held_before_;
  bool order_under_way_ = false, person_asked_ = false;
  bool injected_ = false, found_ = false, moved_something_ = false;
  std::map<std::string, MonoTime> open_since_;  // symbol
  std::vector<std::pair<MonoTime, bool>> clean_;
  MonoTime last_foreign_{}, blind_until_{};
  std::optional<MonoTime> last_danger_;
  WallTime proven_{};
  std::map<std::pair<Key, Danger>, Hazard> hazards_;
  std::map<Key, Stop> last_stops_;
};

}  // namespace vakthund::sim
