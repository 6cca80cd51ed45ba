#!/usr/bin/env bash
# A million worlds, and what they came to.
#   tests/sim/nightly.sh [WORLDS] [SUMMARY_FILE]
# Fresh seeds each time; what breaks is printed with its seed and the command that replays it. Exit:
# as sim-world's. About an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/../.."
worlds=${1:-1000000}
summary=${2:-build/nightly-worlds.txt}
cmake -S . -B build/nightly -G Ninja -DCMAKE_BUILD_TYPE=Release -DVAKTHUND_TESTS=ON \
  -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 >/dev/null
cmake --build build/nightly --target sim-world >/dev/null
mkdir -p "$(dirname "$summary")"
build/nightly/tests/sim-world --fresh --worlds "$worlds" --jobs "$(nproc)" | tee "$summary"
