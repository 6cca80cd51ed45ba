#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test.
#   tests/run.sh              optimised, with assertions
#   tests/run.sh --sanitize   under AddressSanitizer and UndefinedBehaviorSanitizer
#   tests/run.sh -R PATTERN   other arguments go to ctest
set -euo pipefail
cd "$(dirname "$0")/.."

preset=test
if [ "${1:-}" = --sanitize ]; then
  preset=sanitize
  shift
fi

step() { echo "tests: $*"; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  local what=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    grep -E 'error|FAILED|CMake Error' -A 8 "$log" | head -n 60 >&2 || tail -n 40 "$log" >&2
    echo "tests: $what failed, see above" >&2
    exit 1
  fi
}

deploy/setup.sh test
step "configuring ($preset)"
quietly "configuring" cmake --preset "$preset"
step "building ($preset); the first time takes some minutes"
quietly "building" cmake --build --preset "$preset"
step "running"
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
exec ctest --preset "$preset" -j "$(nproc)" --no-tests=error "$@"
