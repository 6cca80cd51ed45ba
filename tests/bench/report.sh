#!/usr/bin/env bash
# Measures everything that is promised about speed and size, and writes build/bench-report.md.
#   tests/bench/report.sh                  builds Release, measures for about two minutes
#   tests/bench/report.sh --build DIR      uses that build directory (default build/bench)
#   tests/bench/report.sh --no-build       measures what is built there
#   tests/bench/report.sh --seconds N      length of the steady state (default 30)
#   tests/bench/report.sh --strict         exits 1 when a limit is missed
# Figures count on a quiet machine only: the load average is in the report.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=build/bench seconds=30 strict=0 do_build=1
while [ $# -gt 0 ]; do
  case $1 in
    --build) build=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --no-build) do_build=0 ;;
    --strict) strict=1 ;;
    *) echo "bench: unknown option $1; see the head of $0" >&2; exit 64 ;;
  esac
  shift
done

readonly positions=50 market_symbols=720 round_trip_ms=20
report=build/bench-report.md
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
step() { echo "bench: $*"; }
die() { echo "bench: $*" >&2; [ -s "$work/vakthund.log" ] && tail -n 20 "$work/vakthund.log" >&2; exit 1; }
command -v jq >/dev/null || die "jq is missing: deploy/setup.sh test"

if [ $do_build -eq 1 ]; then
  step "building Release in $build"
  if ! { cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang-19 \
           -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=Release -DVAKTHUND_TESTS=ON &&
         cmake --build "$build" --target vakthund vakthund-sim verdict-bench order-bench; } \
         >"$work/build.log" 2>&1; then
    tail -n 30 "$work/build.log" >&2
    die "the build failed"
  fi
fi
grep -q '^CMAKE_BUILD_TYPE:STRING=Release$' "$build/CMakeCache.txt" ||
  die "$build is not a Release build: its figures would say nothing"
load_before=$(cut -d' ' -f1-3 /proc/loadavg)

# --- results: one line of the report each ---------------------------------------------------------
rows=()
missed=0
# row WHAT MEASURED LIMIT UNIT: the measured value must not be above the limit.
row() {
  local ratio verdict
  ratio=$(jq -n --argjson m "$2" --argjson l "$3" '$m / $l * 100 | round / 100')
  verdict=$(jq -rn --argjson m "$2" --argjson l "$3" 'if $m <= $l then "holds" else "MISSED" end')
  [ "$verdict" = holds ] || missed=$((missed + 1))
  rows+=("| $1 | $(jq -n --argjson m "$2" '$m * 100 | round / 100') $4 | $3 $4 | $ratio | $verdict |")
}
# note WHAT MEASURED UNIT: nothing is promised about it.
note() { rows+=("| $1 | $(jq -n --argjson m "$2" '$m * 100 | round / 100') $3 | - | - | - |"); }

# --- bytes in -> verdict -> bytes out ------------------------------------------------------------
measure_benchmarks() {
  for name in verdict order; do
    "$build/tests/$name-bench" --benchmark_min_time=1 --benchmark_out_format=json \
      --benchmark_out="$work/$name.json" >"$work/$name.txt" 2>&1 || die "$name-bench failed"
    ! grep -q 'ERROR OCCURRED' "$work/$name.txt" || die "$(grep 'ERROR OCCURRED' "$work/$name.txt")"
  done
}
# figure FILE BENCHMARK COUNTER
figure() {
  jq --arg name "$2" --arg counter "$3" \
    '[.benchmarks[] | select(.name | startswith($name + "/"))][0][$counter]' "$work/$1.json"
}
report_benchmarks() {
  local one=SingleSymbolFrame/$positions
  row "one symbol's frame in -> verdict, median" "$(figure verdict $one median_us)" 25 µs
  row "… 99th percentile" "$(figure verdict $one p99_us)" 250 µs
  row "… after a pause, median" "$(figure verdict SingleSymbolFrameAfterAPause median_us)" 25 µs
  row "… after a pause, 99th percentile" "$(figure verdict SingleSymbolFrameAfterAPause p99_us)" 250 µs
  note "… that crosses a stop, median" "$(figure verdict SingleSymbolFrameThatCrossesAStop median_us)" µs
  note "… with 1 position, median" "$(figure verdict SingleSymbolFrame/1 median_us)" µs
  note "… with 1000 positions, median" "$(figure verdict SingleSymbolFrame/1000 median_us)" µs
  row "array of $market_symbols symbols in -> verdicts, median" "$(figure verdict MarketArray median_us)" 200 µs
  row "… after a pause, median" "$(figure verdict MarketArrayAfterAPause median_us)" 200 µs
  note "… in a crash, half of the account beyond its stops, median" "$(figure verdict MarketArrayInACrash median_us)" µs
  note "… decoded only, median" "$(figure verdict MarketArrayDecodedOnly median_us)" µs
  note "ORDER_TRADE_UPDATE in -> verdict, median" "$(figure verdict OrderTradeUpdate median_us)" µs
  note "ACCOUNT_UPDATE in -> verdict, median" "$(figure verdict AccountUpdate median_us)" µs
  row "verdict -> order bytes written, HMAC, median" "$(figure order OneOrderHmac median_us)" 200 µs
  row "… Ed25519, median" "$(figure order OneOrderEd25519 median_us)" 200 µs
  row "… Ed25519 after a pause, median" "$(figure order OneOrderEd25519AfterAPause median_us)" 200 µs
  note "… RSA 2048, median (prefer the others)" "$(figure order OneOrderRsa median_us)" µs
  note "50 orders in 10 batches until the last byte, Ed25519, median" "$(figure order FiftyOrdersEd25519 median_us)" µs
}

# --- the processes --------------------------------------------------------------------------------
# write_scenario RESTING: with a resting take profit of each position, which must be canceled first.
write_scenario() {
  {
    echo "seed: 1"
    echo "market: { extra_symbols: $((market_symbols - positions)) }"
    echo "symbols:"
    for ((i = 0; i < positions; i++)); do printf '  COIN%02dUSDT: { price: 100.25 }\n' "$i"; done
    echo "accounts:"
    echo "  - name: main"
    echo "    wallet: 100000"
    echo "    leverage: 10"
    echo "    positions:"
    for ((i = 0; i < positions; i++)); do
      printf '      - { symbol: COIN%02dUSDT, side: LONG, quantity: 2, entry: 100 }\n' "$i"
    done
    [ "$1" = resting ] && echo "    orders:" && for ((i = 0; i < positions; i++)); do
      printf '      - { symbol: COIN%02dUSDT, side: SELL, type: LIMIT, quantity: 2, price: 103, reduce_only: true }\n' "$i"
    done
    echo "    algo_orders:"
    for ((i = 0; i < positions; i++)); do
      printf '      - { symbol: COIN%02dUSDT, side: SELL, type: STOP_MARKET, trigger: 98, close_position: true, working_type: MARK_PRICE }\n' "$i"
    done
  } >"$work/scenario.yaml"
}
# start_simulator RESTING
start_simulator() {
  write_scenario "$1"
  rm -f "$work/sim.json" "$work"/vakthund.db*
  "$build/vakthund-sim" --listen 127.0.0.1:0 --scenario "$work/scenario.yaml" \
    --tls-dir "$work/tls" >"$work/sim.json" 2>"$work/sim.log" &
  pids+=($!)
  for _ in $(seq 500); do [ -s "$work/sim.json" ] && break; sleep 0.02; done
  [ -s "$work/sim.json" ] || { cat "$work/sim.log" >&2; die "the simulator did not start"; }
  sim_url=$(jq -r .listening "$work/sim.json")
  sim_ca=$(jq -r .ca_file "$work/sim.json")
}
sim() { curl -sS --cacert "$sim_ca" "${@:2}" "$sim_url$1"; }
write_config() {
  openssl rand -hex 16 >"$work/token"
  cat >"$work/vakthund.yaml" <<YAML
mode: observe
accounts:
  - name: main
    exchange: binance-usdm
    environment: custom
    rest_url: $sim_url
    stream_url: ${sim_url/https/wss}
    ca_file: $sim_ca
    api_key: $(jq -r .api_key "$work/sim.json")
    api_secret_file: $(jq -r .api_secret_file "$work/sim.json")
    bot: { preset: none }
server: { listen: "127.0.0.1:0", token_file: $work/token }
database: { path: $work/vakthund.db }
YAML
}
now_ms() { date +%s%3N; }
start_vakthund() {
  local started
  started=$(now_ms)
  NO_COLOR=1 "$build/vakthund" run -c "$work/vakthund.yaml" >"$work/vakthund.log" 2>&1 &
  vakthund=$!
  pids+=("$vakthund")
  port=
  while [ -z "$port" ]; do
    kill -0 "$vakthund" 2>/dev/null || die "vakthund ended"
    [ $(($(now_ms) - started)) -lt 30000 ] || die "vakthund did not open its port"
    port=$(sed -n 's/.*http on port \([0-9]*\).*/\1/p' "$work/vakthund.log" | head -n 1)
  done
  until curl -sf -o "$work/ready.txt" "http://127.0.0.1:$port/-/ready"; do
    [ $(($(now_ms) - started)) -lt 30000 ] || die "not ready after 30 s: $(curl -s "http://127.0.0.1:$port/-/ready")"
    sleep 0.01
  done
  ready_ms=$(($(now_ms) - started))
}
api() {
  curl -sS -H "Authorization: Bearer $(cat "$work/token")" -H 'Content-Type: application/json' \
    "${@:2}" "http://127.0.0.1:$port$1"
}

# --- at rest --------------------------------------------------------------------------------------
cpu_ns() { cat "/proc/$vakthund"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'; }
memory_kb() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/$vakthund/status"; }
# The weight of each request that arrived, as the exchange prices it.
# shellcheck disable=SC2016
weights='
  def weight:
    (.params.symbol != null) as $one |
    if .path | test("positionRisk|/account$|accountConfig|symbolConfig|userTrades") then 5
    elif .path | test("openOrders$|openAlgoOrders$") then (if $one then 1 else 40 end)
    elif .path | test("premiumIndex$") then (if $one then 1 else 10 end)
    elif .path | test("batchOrders$") then 5
    elif .method == "POST" and (.path | test("/(order|algoOrder)$")) then 0
    else 1 end;'
measure_rest() {
  step "steady state for $seconds s"
  sleep 5
  sim /sim/requests -X DELETE >"$work/forgotten.json"
  local cpu_before wall_before
  cpu_before=$(cpu_ns)
  wall_before=$(date +%s%N)
  sleep "$seconds"
  cpu_percent=$(jq -n --argjson c "$(($(cpu_ns) - cpu_before))" \
    --argjson w "$(($(date +%s%N) - wall_before))" '$c / $w * 100')
  sim /sim/requests >"$work/rest.json"
  weight_per_minute=$(jq "$weights"' map(weight) | add // 0' "$work/rest.json")
  weight_per_minute=$(jq -n "$weight_per_minute * 60 / $seconds")
  rss_mb=$(jq -n "$(memory_kb VmRSS) / 1024")
  anonymous_mb=$(jq -n "$(memory_kb RssAnon) / 1024")
  peak_mb=$(jq -n "$(memory_kb VmHWM) / 1024")
}

# --- the kill -------------------------------------------------------------------------------------
measure_kill() {
  step "kill of $positions positions at $round_trip_ms ms"
  sim /sim/control --data "{\"fault\":{\"kind\":\"latency\",\"ms\":\"${round_trip_ms}ms\"}}" \
    >"$work/fault.json"
  sim /sim/requests -X DELETE >"$work/forgotten.json"
  api /api/v1/kill -X POST --data '{"account":"main","reason":"a measurement"}' >"$work/asked.json"
  local receipt=null
  for _ in $(seq 600); do
    api /api/v1/status >"$work/status.json"
    receipt=$(jq -c '.accounts[0].kill | select(.phase == "done") | .receipt // empty' "$work/status.json")
    [ -n "$receipt" ] && break
    sleep 0.1
  done
  [ -n "$receipt" ] || die "the kill did not end within a minute"
  echo "$receipt" >"$work/receipt.json"
  sim /sim/requests >"$work/kill.json"
  sim /sim/state >"$work/state.json"
  jq -e '.accounts[0].flat' "$work/state.json" >/dev/null || die "the account is not flat"
  # Orders by arrival: a batch holds several.
  jq 'map(select(.method == "POST" and (.path | test("/(order|batchOrders)$"))) |
      {time, path, orders: (if .params.batchOrders then (.params.batchOrders | fromjson | length) else 1 end)})' \
    "$work/kill.json" >"$work/orders.json"
  orders_per_10s=$(jq '. as $all | [$all[].time as $t |
      [$all[] | select(.time >= $t and .time < $t + 10000) | .orders] | add] | max // 0' "$work/orders.json")
  local begun
  begun=$(jq '.started | (.[0:19] + "Z" | fromdateiso8601) * 1000 + (.[20:23] | tonumber)' "$work/receipt.json")
  flat_ms=$(jq --argjson t "$begun" --argjson rtt $round_trip_ms '(map(.time) | max) - $t + $rtt' "$work/orders.json")
  round_trips=$(jq -n "$flat_ms / $round_trip_ms")
  proven_ms=$(jq .took_ms "$work/receipt.json")
  kill_weight=$(jq "$weights"' map(weight) | add' "$work/kill.json")
  kill_requests=$(jq length "$work/kill.json")
}

kill_rows() {
  row "$1: until the last closing order is answered, in round trips" "$round_trips" 3 ""
  note "… until flat is proven: stops canceled, all read back" "$proven_ms" ms
  row "… orders within any 10 s" "$orders_per_10s" 300 ""
  note "… requests" "$kill_requests" ""
  note "… request weight" "$kill_weight" ""
}
# start_all RESTING
start_all() {
  start_simulator "$1"
  write_config
  start_vakthund
}
stop_all() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  pids=()
}

step "bytes in -> verdict -> order bytes"
measure_benchmarks
report_benchmarks
step "starting the exchange simulator and vakthund"
start_all plain
measure_rest
row "ready after start, simulator near" "$ready_ms" 1000 ms
row "resident memory" "$rss_mb" 32 MB
row "… of which anonymous" "$anonymous_mb" 12 MB
note "… peak" "$peak_mb" MB
row "processor, steady state, of one core" "$cpu_percent" 1 %
row "request weight, steady state" "$weight_per_minute" 240 /min
measure_kill
kill_rows "kill"
stop_all
start_all resting
sleep 3
measure_kill
kill_rows "kill with a resting order of each position to cancel first"

{
  echo "# Measured speed and size"
  echo
  echo "$("$build/vakthund" --version | head -n 1), $(git rev-parse --short HEAD)" \
    "$(git diff --quiet HEAD -- && echo || echo '(with local changes)'), $(date -u +%Y-%m-%dT%H:%MZ)"
  echo
  echo "* Machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores," \
    "$(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)"
  echo "* Compiler: $("$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")" --version | head -n 1), Release"
  echo "* Load average before and after: $load_before; $(cut -d' ' -f1-3 /proc/loadavg)"
  echo "* One account, $positions positions, each with a stop; $market_symbols symbols in the market's array each second; steady state of $seconds s"
  echo
  echo "| what | measured | limit | measured / limit | |"
  echo "|---|---|---|---|---|"
  printf '%s\n' "${rows[@]}"
  echo
  echo "## The second kill, as its receipt tells it"
  echo
  echo '```'
  jq -r '.timeline[:60][] | "\(.at_ms) ms  \(.step)"' "$work/receipt.json"
  echo '```'
  echo
  echo "Requests by kind: $(jq -r 'group_by(.method + .path) | map("\(.[0].method) \(.[0].path) \(length)") | join(", ")' "$work/kill.json")"
} >"$report"
step "$missed of ${#rows[@]} figures above their limit; $report"
[ $strict -eq 0 ] || [ $missed -eq 0 ]
