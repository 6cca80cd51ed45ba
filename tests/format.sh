#!/usr/bin/env bash
# Every source as clang-format would write it.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! git ls-files '*.cc' '*.h' | xargs clang-format-19 --dry-run -Werror 2>&1 | head -n 20 >&2; then
  echo "format: run: git ls-files '*.cc' '*.h' | xargs clang-format-19 -i" >&2
  exit 1
fi
echo "format: every file is as clang-format writes it"
