#!/usr/bin/env bash
# Runs one fuzz target for some seconds, from its corpus and with a new seed each time.
#   tests/fuzz/run.sh build/sanitize/tests/answer-fuzz [SECONDS]
# What it finds stays in the working directory as crash-*, and replays by giving it to the target.
set -euo pipefail
target=$(realpath "$1")
seconds=${2:-600}
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$target" -fuzz)
# A busy machine can stand still for seconds: only what takes a minute counts as endless.
found=$(mktemp -d)  # new inputs that reach new code: for this run alone
trap 'rm -rf "$found"' EXIT

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
"$target" "$found" "$here/corpus/$name" -dict="$here/json.dict" -max_len=8192 -timeout=60 \
  -rss_limit_mb=2048 -max_total_time="$seconds" -print_final_stats=1 2>&1 | tail -n 40
