// One account, watched: the dull shell around its guard.
//
// Sources put events in, the guard answers with commands, and each command goes to whoever carries
// it out. Events that are already waiting are drained together before anything is judged; the
// guard's deadlines are one timer.
//
// Threads: the loop's, except `take_from_any_thread`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "watchdog/app/bot_containment.h"
#include "watchdog/binance/source.h"
#include "watchdog/bot/bot_source.h"
#include "watchdog/bot/claims.h"
#include "watchdog/config/config.h"
#include "watchdog/guard/guard.h"
#include "watchdog/net/loop.h"
#include "watchdog/server/status_view.h"

namespace vakthund::app {

// What the guard knows of the configuration.
// `watches`: it goes on looking; a single look has no peak to measure a drawdown from.
guard::GuardSettings guard_settings(const config::Config& config, const config::Account& account,
                                    bool watches);

class AccountWatch {
 public:
  // Told of everything that is for people or for memory: Alert, Record, SaveKill, SaveIncident,
  // SaveBaseline.
  using Tell = std::function<void(const std::string& account, const guard::Command&, model::Now)>;
  // How long from the oldest event of a batch to its commands.
  using Decided = std::function<void(model::Duration)>;

  // `watches`: for `start`; without it, for a single look or a single kill.
  // Errors: `invalid` where a key, a pattern or an address cannot be used.
  static Result<std::unique_ptr<AccountWatch>> make(net::Loop& loop, const config::Config& config,
                                                    const config::Account& account, Tell tell,
                                                    Decided decided, bool watches = false);
  ~AccountWatch();

  // Streams and polls from here on. The switch and the peak are as the database remembers them.
  void start(const std::optional<guard::KillRecord>& kill,
             const std::optional<model::Baseline>& baseline);
  // Everything once, for `check`; then `done`. The bot is looked at on the caller's thread. With
  // `symbol` (for `explain`) also its trades and both its order histories of the last seven days.
  void look_once(std::function<void()> done, const std::string& symbol = "");
  // Whether the exchange lists that symbol; unknown: it was not asked for, or did not say.
  std::optional<bool> lists_symbol() const { return lists_symbol_; }

  void take(std::vector<guard::Event> events);
  void take(guard::Event event);
  void take_from_any_thread(std::vector<guard::Event> events);
  void reconfigure(const config::Config& config, const config::Account& account);

  const std::string& name() const { return name_; }
  server::AccountView view();
  guard::Guard& guard() { return guard_; }
  const binance::Source& source() const { return *source_; }

 private:
  AccountWatch(net::Loop& loop, guard::GuardSettings settings, Tell tell, Decided decided);
  void drain();
  void take_engine(guard::Event event);
  void read_past(const std::string& symbol, std::function<void()> done);
  void note_past(const guard::Event& event);
  void execute(const guard::Command& command, model::Now now);

  net::Loop& loop_;
  std::string name_;
  std::string container_;  // its configured name; empty: none
  guard::Guard guard_;
  Tell tell_;
  Decided decided_;
  std::unique_ptr<binance::Source> source_;
  std::unique_ptr<bot::BotSource> bot_;
  std::unique_ptr<BotContainment> containment_;
  std::shared_ptr<bot::Claims> claims_;
  net::Timer deadline_;
  std::vector<guard::Event> waiting_;
  model::MonoTime oldest_{};  // of the waiting events: when it came
  bool drain_posted_ = false;
  // While looking once: what the engine has not answered yet, and what then.
  std::set<model::Feed> awaited_;
  std::function<void()> on_engine_answered_;
  // The same of one symbol's past.
  std::string past_symbol_;
  std::set<guard::Read::What> awaited_past_;
  std::function<void()> on_past_read_;
  std::optional<bool> lists_symbol_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vakthund::app
