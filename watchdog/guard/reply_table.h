// What each reply of the exchange to an order or a cancel means, and the close's next step: one
// table, in code here and for people in docs/replies.md, which a test holds to it.
//
// watchdog/binance/errors.h makes an Error of a reply by this table (kind, code and meaning);
// Closing asks it what to do. Three safe rules stand above its rows: an outcome that is not known
// is found out before anything is repeated; a limit is waited for; a reply that is not in the table
// counts as an outcome that is not known.
// Pure. Source: binance.md §8 (both tables), §4 and §5 for what the codes are about.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/model/result.h"
#include "rules/model/time.h"

namespace vakthund::guard {

// What a request that changes something did, when this was the reply.
enum class Outcome { not_executed, unknown, perhaps_flat };
std::string_view to_string(Outcome outcome);  // "no", "perhaps", "no; perhaps flat already"

enum class Next {
  verify,
  back_off,
  wait_as_told,
  resync_clock,
  fit_filters,
  clear_the_way,
  thin_book,
  read_mode,
  look_again,
  close_at_market,
  await_liquidation,
  tell_person,
  let_be
};
inline constexpr int kNexts = 13;

struct Step {
  std::string_view name;   // "verify", "back off", …
  std::string_view words;  // what is done, in one sentence
  // The pause before the next order for that position: `first`, doubled with each attempt, at most
  // `longest`. Zero: none.
  model::Duration first{};
  model::Duration longest{};
};
const Step& step_of(Next next);

struct Reply {
  int code = 0;           // < 0: the exchange's; > 0: an HTTP status without one; 0: neither
  std::string_view name;  // empty: the code is its name
  ErrorKind kind = ErrorKind::invalid;
  Outcome outcome = Outcome::unknown;
  Next next = Next::verify;
  std::string_view meaning;
};
inline constexpr int kAnyCode = -1;   // the row of codes that have none
inline constexpr int kAnyStatus = 1;  // the same for statuses
inline constexpr int kAnyFailure = 500;

std::span<const Reply> coded_replies();   // by falling code (-1000 first)
std::span<const Reply> status_replies();  // statuses, and requests that had no reply at all

const Reply* find_code(int code);  // nullptr: it has no row
// The row of a status without a code; `failed`: its text says that nothing was executed (503-B).
const Reply& reply_of_status(int status, bool failed);
const Reply& reply_for(const Error& error);
Next next_step(const Error& error);
// Bad signature, malformed or refused key, locked key: nothing of this account can be changed.
bool is_key_refusal(const Error& error);

}  // namespace vakthund::guard
