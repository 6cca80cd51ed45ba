#!/usr/bin/env bash
# Holds the shape of the house (ARCHITECTURE.md): which folder may include which, that network
# libraries stay behind watchdog/net, that the core reads no clock, and that files stay small.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
bad=0
fail() {
  echo "structure: $*"
  bad=1
}

# folder: the folders whose headers it may include, besides its own
allowed=$(cat <<'TABLE'
rules/model:
rules: rules/model
alerts: rules rules/model
db: rules/model
watchdog/net: rules/model
watchdog/guard: rules rules/model
watchdog/config: rules rules/model
watchdog/binance: watchdog/guard watchdog/net rules/model
watchdog/container: watchdog/guard watchdog/net watchdog/bot rules/model
watchdog/bot: watchdog/guard rules/model
watchdog/host: watchdog/guard rules/model
watchdog/server: watchdog/guard rules rules/model
watchdog/app: watchdog/guard watchdog/config watchdog/binance watchdog/container watchdog/bot watchdog/host watchdog/server watchdog/net alerts db rules rules/model
watchdog/demo: watchdog/server rules/model
watchdog/drill: watchdog/demo watchdog/config watchdog/server db rules rules/model
watchdog/commands: watchdog/app watchdog/demo watchdog/drill db watchdog/guard watchdog/config watchdog/server watchdog/net rules/model
watchdog: watchdog/commands
simulator: watchdog/net rules/model simulator/standin
simulator/standin: watchdog/net rules/model
TABLE
)

while IFS=: read -r folder targets; do
  [ -d "$folder" ] || { fail "$folder is in the table and not in the tree"; continue; }
  for file in "$folder"/*.h "$folder"/*.cc; do
    [ -e "$file" ] || continue
    while read -r include; do
      from=${include%/*}
      [ "$from" = "$folder" ] && continue
      case " $targets " in *" $from "*) ;; *) fail "$file includes $include: $folder may not" ;; esac
    done < <(sed -n 's/^#include "\(.*\)"$/\1/p' "$file")
  done
done <<<"$allowed"

# Every source folder is in the table.
while read -r folder; do
  grep -q "^$folder:" <<<"$allowed" || fail "$folder is not in the table"
done < <(find rules watchdog alerts db simulator -name '*.cc' -printf '%h\n' | sort -u)

matches() { grep -rnE "$1" "${@:2}" --include='*.cc' --include='*.h'; }

matches '#include <boost/(asio|beast)' rules alerts db simulator watchdog |
  grep -v '^watchdog/net/' && fail "Asio and Beast belong in watchdog/net"
[ "$(grep -rlE '#include <boost/beast' watchdog/net --include='*.cc' --include='*.h' | wc -l)" -le 6 ] ||
  fail "Beast is in more than six files of watchdog/net"
matches 'system_clock|steady_clock|::now\(\)|time\(nullptr\)|std::(mutex|thread)|spdlog|iostream' \
  rules watchdog/guard && fail "the core reads no clock, locks nothing, starts nothing, logs nothing"
matches '\b[A-Za-z]*(Manager|Helper|Util|Handler|Info)\b *(final)? *[{:]' rules watchdog/guard alerts db |
  grep -E '(class|struct) ' && fail "names that say nothing"

while read -r lines file; do
  [ "$file" = total ] || [ "$lines" -le 400 ] || fail "$file has $lines lines, at most 400"
done < <(git ls-files '*.cc' '*.h' | grep -v '^third_party/' | xargs wc -l)

[ $bad -eq 0 ] && echo "structure: holds"
exit $bad
