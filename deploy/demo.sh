#!/usr/bin/env bash
# Installs what is missing, builds Vakthund, and plays the incident it was born from.
#   deploy/demo.sh           at a pace to read along
#   deploy/demo.sh --fast    for scripts
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() {
  local what=$1
  shift
  if ! "$@" >"$log" 2>&1; then
    grep -E 'error|FAILED|CMake Error' -A 8 "$log" | head -n 60 >&2 || tail -n 40 "$log" >&2
    echo "demo: $what failed, see above" >&2
    exit 1
  fi
}

deploy/setup.sh
echo "demo: configuring"
quietly "configuring" cmake --preset release
echo "demo: building; the first time takes some minutes"
quietly "building" cmake --build --preset release
build/release/vakthund demo "$@"
