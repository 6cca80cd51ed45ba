// Looks at the bot at every poll interval: its health, its positions, its journal.
//
// Each look delivers one batch, with one event or more of every configured feed:
//   health     BotHealthSeen: up, or down with why (an endpoint that does not answer is a fact);
//              FeedFailed(bot_health) where the question could not be asked (a bad URL, an
//              untrusted certificate)
//   positions  BotPositionsRead, a complete list; otherwise FeedFailed(bot_positions)
//   journal    JournalRead, or FeedFailed(journal)
// and Undecodable for each row that could not be read. A feed without configuration has no events.
// A list in which a symbol or a quantity cannot be read is no complete list: FeedFailed.
//
// Threads: one of its own, on which `deliver` is called; `look_once` may be used instead of
// `start`, never beside it. `stop` returns when the look that is under way has ended: at once
// while it waits for an answer, within HttpGet::kTimeout while it connects, within
// SqliteJournal::kTimeLimit while it reads the journal. `deliver` is not called after `stop`.
// Source: bots.md, "quantum-trader".
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "watchdog/bot/http_get.h"
#include "watchdog/bot/sqlite_journal.h"
#include "watchdog/guard/event.h"

namespace vakthund::bot {

struct BotSettings {
  std::string url = {};  // "http://quantum_backend:8000"; empty: health and positions are not read
  std::string ca_file = {};        // PEM, with https; empty: the system's
  std::string journal_path = {};   // SQLite; empty: no journal
  std::string journal_query = {};  // empty: the quantum-trader bot's tables
  std::chrono::milliseconds poll_interval{5000};
};

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
  void look_at_health(std::vector<guard::Event>& events);
  void look_at_positions(std::vector<guard::Event>& events);
  void look_at_journal(std::vector<guard::Event>& events);

  const BotSettings settings_;
  const Deliver deliver_;
  HttpGet http_;
  SqliteJournal journal_;
  std::string positions_path_;  // the one that answered last
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace vakthund::bot
