#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing, and nothing else.
#   deploy/setup.sh          what building and running needs
#   deploy/setup.sh test     and what the tests need besides
set -euo pipefail

build=(
  clang-19 cmake ninja-build mold ccache pkg-config ca-certificates
  libboost1.81-dev libpoco-dev libssl-dev libsqlite3-dev libsqlitecpp-dev libsimdjson-dev
  nlohmann-json3-dev libyaml-cpp-dev libspdlog-dev libfmt-dev libpcre2-dev libpq-dev libsystemd-dev
  prometheus-cpp-dev
)
test=(
  git curl jq openssl sqlite3 clang-format-19 libclang-rt-19-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  docker.io busybox-static prometheus postgresql-15
)

wanted=("${build[@]}")
[ "${1:-}" = test ] && wanted+=("${test[@]}")

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: every package is there"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "setup: missing packages: ${missing[*]}; install them as root, or install sudo" >&2
    exit 1
  }
  as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup: installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# A package that brings a service must not start it here.
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
       RUNLEVEL=1 apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "setup: apt-get failed, see above" >&2
  exit 1
fi
echo "setup: done"
