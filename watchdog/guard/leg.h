// One position on its way to flat: what was sent for it, what became of that, and how to go on.
// Pure; used by Closing alone.
#pragma once

#include <map>
#include <string>

#include "watchdog/guard/reducing_order.h"
#include "watchdog/guard/reply_table.h"

namespace vakthund::guard {

struct SentOrder {
  std::string symbol;
  bool answered = false;
  bool filled = false;      // wholly
  bool fell_short = false;  // the book did not hold enough for it
  bool unknown = false;     // its outcome must be found out
  bool asked = false;       // a read of it is under way
  int lookups = 0;
  model::MonoTime next_lookup{};  // while asked: when the answer counts as lost
};

struct Leg {
  enum class State { idle, canceling, sent, reading_back, flat };
  State state = State::idle;
  std::size_t closed = 0;     // index into the receipt's positions
  bool way_is_clear = false;  // nothing rests in its way, as far as can be known
  bool must_cancel = false;   // an order of ours was blocked
  bool must_look = false;     // it has waited long: read before anything is sent again
  bool needs_person = false;  // what refused it only a person can mend
  bool lost = false;          // an answer did not come in time
  int attempts = 0;
  int lagging_reads = 0;
  int fell_short = 0;  // attempts that the book did not hold enough for
  int narrower = 0;    // tenths of the price band to leave out (Manner)
  model::MonoTime next_try{};
  model::MonoTime filters_until{};  // wait for fresh filters until then
  model::MonoTime sent_at{};
  model::MonoTime answered_at{};
  std::map<std::string, SentOrder> sent;  // by client id, of the current attempt
  std::string trouble;

  bool all_answered() const;
  bool filled_whole() const;
  Manner manner(const model::Position& position, model::MaybeDecimal mark_price) const;
  // The last attempt is over: what it showed of the book is kept, its orders are forgotten.
  void end_attempt();
  // What the reply to one of its orders asks for, but for the reads, which are Closing's. Pauses.
  void heed(Next next, const Error& reply, model::MonoTime now);
};

// `first`, doubled with each further attempt, at most `longest`.
model::Duration back_off(model::Duration first, int attempts, model::Duration longest);

}  // namespace vakthund::guard
