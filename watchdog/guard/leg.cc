#include "watchdog/guard/leg.h"

#include <algorithm>

namespace vakthund::guard {
namespace {

using namespace std::chrono_literals;
using model::Duration;

constexpr Duration kFiltersWanted = 3s;
constexpr Duration kLongPause = 1s;  // after it, what was read before is old

// The price was outside of the band, or below the least there is.
bool is_price(int code) { return code == -4013 || code == -4016 || code == -4024; }

}  // namespace

Duration back_off(Duration first, int attempts, Duration longest) {
  return std::min<Duration>(first * (1 << std::clamp(attempts - 1, 0, 10)), longest);
}

bool Leg::all_answered() const {
  return std::all_of(sent.begin(), sent.end(), [](const auto& one) { return one.second.answered; });
}

bool Leg::filled_whole() const {
  return !sent.empty() &&
         std::all_of(sent.begin(), sent.end(), [](const auto& one) { return one.second.filled; });
}

void Leg::end_attempt() {
  const bool short_of =
      std::any_of(sent.begin(), sent.end(), [](const auto& one) { return one.second.fell_short; });
  if (short_of) ++fell_short;
  sent.clear();
}

Manner Leg::manner(const model::Position& position, model::MaybeDecimal mark_price) const {
  Manner manner;
  manner.mark_price = position.mark_price ? position.mark_price : mark_price;
  manner.narrower = narrower;
  if (fell_short == 1) manner.kind = Manner::Kind::small_pieces;
  if (fell_short > 1) manner.kind = Manner::Kind::edge_of_band;
  return manner;
}

void Leg::heed(Next next, const Error& reply, model::MonoTime now) {
  const Step& step = step_of(next);
  Duration pause = back_off(step.first, attempts, step.longest);
  if (next == Next::wait_as_told) {
    pause = std::max<Duration>(pause, std::chrono::seconds(reply.retry_after_s));
  }
  if (next == Next::clear_the_way) must_cancel = true;
  if (next == Next::fit_filters) {
    filters_until = now + kFiltersWanted;
    if (is_price(reply.code)) narrower = std::min(narrower + 2, Manner::kNarrowest);
  }
  if (next == Next::tell_person) needs_person = true;
  if (pause >= kLongPause) must_look = true;
  next_try = std::max(next_try, now + pause);
}

}  // namespace vakthund::guard
