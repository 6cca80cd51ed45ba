#!/usr/bin/env bash
# Installs what is missing, builds Vakthund, and plays the incident it was born from.
#   deploy/demo.sh           at a pace to read along
#   deploy/demo.sh --fast    for scripts
set -euo pipefail
cd "$(dirname "$0")/.."

name=demo
. deploy/quietly.sh

deploy/setup.sh
echo "demo: configuring"
quietly "configuring" cmake --preset release
echo "demo: building; the first time takes some minutes"
quietly "building" cmake --build --preset release
build/release/vakthund demo "$@"
