#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test.
#   tests/run.sh              optimised, with assertions
#   tests/run.sh --sanitize   under AddressSanitizer and UndefinedBehaviorSanitizer
#   tests/run.sh -R PATTERN   other arguments go to ctest
set -euo pipefail
cd "$(dirname "$0")/.."

preset="test"
if [ "${1:-}" = --sanitize ]; then
  preset=sanitize
  shift
fi

step() { echo "tests: $*"; }
name=tests
. deploy/quietly.sh

deploy/setup.sh test
step "configuring ($preset)"
quietly "configuring" cmake --preset "$preset"
step "building ($preset); the first time takes some minutes"
quietly "building" cmake --build --preset "$preset"
step "running"
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
ctest --preset "$preset" -j "$(nproc)" --no-tests=error "$@"
