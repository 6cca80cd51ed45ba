// Looks at the bot at every poll interval: its health, its positions, its journal.
//
// Each look delivers one batch, with one event or more of every configured feed:
//   health     BotHealthSeen: up, or down with why (an endpoint that does not answer is a fact);
//              FeedFailed(bot_health) where the question could not be asked (a bad URL, an
//              untrusted certificate) or was refused to us (a wrong password)
//   positions  BotPositionsRead, a complete list; otherwise FeedFailed(bot_positions)
//   journal    JournalRead, or FeedFailed(journal)
// and after it one Undecodable where single values of it could not be read. A feed without
// configuration has no events.
// A list in which a symbol or a quantity cannot be read is no complete list: FeedFailed.
//
// Threads: one of its own, on which `deliver` is called; `look_once` may be used instead of
// `start`, never beside it. `stop` returns when the look that is under way has ended: at once
// while it waits for an answer or for PostgreSQL, within BotHttp::kTimeout while it connects,
// within SqliteJournal::kTimeLimit while it reads an SQLite journal. `deliver` is not called after
// `stop`. Source: bots.md.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "watchdog/bot/bot_api.h"
#include "watchdog/bot/bot_http.h"
#include "watchdog/bot/bot_settings.h"
#include "watchdog/bot/journal.h"
#include "watchdog/guard/event.h"

namespace vakthund::bot {

class BotSource {
 public:
  using Deliver = std::function<void(std::vector<guard::Event>)>;

  BotSource(BotSettings settings, Deliver deliver);
  ~BotSource();  // stops
  BotSource(const BotSource&) = delete;
  BotSource& operator=(const BotSource&) = delete;

  void start();  // the first look at once
  void stop();

  // One look on the caller's thread; what `deliver` would be given. For `check`.
  std::vector<guard::Event> look_once();

 private:
  void run();
  bool stopping();
  void look_at_journal(std::vector<guard::Event>& events);

  const BotSettings settings_;
  const Deliver deliver_;
  BotHttp http_;
  const std::unique_ptr<BotApi> api_;       // null: none configured
  const std::unique_ptr<Journal> journal_;  // null: none configured
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace vakthund::bot
