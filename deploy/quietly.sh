# shellcheck shell=bash disable=SC2154
# Sourced by the scripts that install, build and run: `quietly WHAT COMMAND…` runs the command, and
# when it fails prints the errors of its output and one line that names WHAT and the script ($name).
quiet_log=$(mktemp)
trap 'rm -f "$quiet_log"' EXIT
quietly() {
  local what=$1
  shift
  if ! "$@" >"$quiet_log" 2>&1; then
    grep -E 'error|FAILED|CMake Error' -A 8 "$quiet_log" | head -n 60 >&2 ||
      tail -n 40 "$quiet_log" >&2
    echo "$name: $what failed, see above" >&2
    exit 1
  fi
}
