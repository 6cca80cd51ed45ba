#!/usr/bin/env bash
# Takes the steps of the kill plan away, one at a time, and shows which named scenario dies of it
# (README.md, "What holds the scenarios to account"). Builds in a copy of the tree.
#   tests/sim/remove_steps.sh
# Exit: 1 where a step can be taken away and every scenario passes, or is not found in the source.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
copy=$root/build/remove-steps
rm -rf "$copy/tree"
mkdir -p "$copy/tree"
tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$copy/tree"
cmake -S "$copy/tree" -B "$copy/build" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_C_COMPILER=clang-19 -DCMAKE_BUILD_TYPE=RelWithAssert > "$copy/configure.log"
bad=0

# name, file, the text of the step, what stands there instead
without() {
  local name=$1 file=$2 step=$3 instead=$4 text less dead
  text=$(cat "$root/$file")
  less=${text/"$step"/"$instead"}
  if [ "$less" = "$text" ]; then
    echo "$name: the step is not found in $file any more"
    bad=1
    return
  fi
  printf '%s\n' "$less" > "$copy/tree/$file"
  ninja -C "$copy/build" sim-test > "$copy/build.log" 2>&1 ||
    { echo "$name: does not build without it; see $copy/build.log"; bad=1; return; }
  dead=$("$copy/build/tests/sim-test" --gtest_brief=1 2>&1 |
    sed -n 's/^\[  FAILED  \] \([A-Za-z]*\.[A-Za-z]*\).*/\1/p' | sort -u) || true
  cp "$root/$file" "$copy/tree/$file"
  if [ -z "$dead" ]; then
    echo "$name: NOTHING DIES"
    bad=1
  else
    echo "$name: $(wc -l <<< "$dead") die, among them $(head -n 2 <<< "$dead" | paste -sd' ')"
  fi
}

plan=watchdog/guard/kill_plan.cc
closing=watchdog/guard/closing.cc
without "contain first" $plan '  containment_.pause(now, out);
' ''
without "cancel regular orders" $closing '    if (cancel_first(book, key, leg, now, out)) continue;
' ''
without "close" $closing '  if (!orders.orders.empty()) out.push_back(std::move(orders));
' ''
without "read back" watchdog/guard/closing_outcomes.cc '  leg.state = Leg::State::reading_back;
  leg.answered_at = now.mono;
}' '  leg.state = Leg::State::flat;
  closed_[leg.closed].flat = true;
  leg.answered_at = now.mono;
}'
without "cancel stops" $plan '{OrderSource::regular, OrderSource::algo}) {' '{OrderSource::regular}) {'
without "cancel stops last" $closing \
  '  if (!under_way) out.push_back(CancelOrders{key.symbol, model::OrderSource::regular});' \
  '  if (!under_way) {
    out.push_back(CancelOrders{key.symbol, model::OrderSource::regular});
    out.push_back(CancelOrders{key.symbol, model::OrderSource::algo});
  }'
without "prove" $plan '      start_proving(now);
      return true;
    case' '      receipt_.flat = true;
      receipt_.flat_after = now.mono - started_;
      phase_ = Phase::stopping;
      containment_.stop(now);
      containment_.advance(now, out);
      return true;
    case'
without "stop the container" $plan '  if (scope_.stop_bot) {
    phase_' '  if (false) {
    phase_'
without "disable restart" watchdog/guard/containment.cc \
  '      go(Step::disabling);' '      go(Step::stopped);'
without "latch" watchdog/guard/guard.cc '    kill_.state = KillRecord::State::latched;' \
  '    kill_ = KillRecord{};'
without "latch durably" $plan '    record_.state = KillRecord::State::latched;
    out' '    record_.state = KillRecord::State::armed;
    out'
exit $bad
