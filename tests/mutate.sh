#!/usr/bin/env bash
# Does a test fail when a comparison is wrong? Turns each comparison of the given sources round, one
# at a time, in a copy of the tree, and runs the tests of their library. Prints what survived.
#   tests/mutate.sh                 every rule
#   tests/mutate.sh rules/blind.cc  some of them
# Takes about ten seconds for each comparison. Exit: 0 nothing survived, 1 something did.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
copy=$root/build/mutate
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(ls rules/*.cc | grep -v -e words.cc -e policy.cc -e explain)
fi

rm -rf "$copy/tree"
mkdir -p "$copy/tree"
tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$copy/tree"
cmake -S "$copy/tree" -B "$copy/build" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 \
  -DCMAKE_C_COMPILER=clang-19 -DCMAKE_BUILD_TYPE=RelWithAssert > "$copy/configure.log"
build() { ninja -C "$copy/build" rules-test > "$copy/build.log" 2>&1; }
build || { echo "mutate: the tree does not build; see $copy/build.log" >&2; exit 1; }

survived=0 tried=0
# One line of a file, with the first operator from a column on turned round: LINE COLUMN OLD NEW.
places() {
  awk '
    { line = $0
      if (line ~ /^ *(\/\/|#)/ || line ~ /template|operator|static_assert/) next
      code = line; gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
      if (code != line && length(code) != length(line)) code = blank(line)
      n = length(code)
      for (i = 1; i <= n; ++i) {
        two = substr(code, i, 2); one = substr(code, i, 1)
        around = substr(code, i - 1, 1) substr(code, i + length(one), 1)
        if (two == "<=") { print NR, i, "<=", "<"; ++i }
        else if (two == ">=") { print NR, i, ">=", ">"; ++i }
        else if (two == "==") { print NR, i, "==", "!="; ++i }
        else if (two == "!=") { print NR, i, "!=", "=="; ++i }
        else if (two == "&&") { print NR, i, "&&", "||"; ++i }
        else if (two == "||") { print NR, i, "||", "&&"; ++i }
        else if (one == "<" && around == "  ") print NR, i, "<", "<="
        else if (one == ">" && around == "  ") print NR, i, ">", ">="
      } }
    function blank(text,   out, inside, c, k) {
      out = ""; inside = 0
      for (k = 1; k <= length(text); ++k) {
        c = substr(text, k, 1)
        if (c == "\\" && inside) { out = out "__"; ++k; continue }
        if (c == "\"") { inside = !inside; out = out "_"; continue }
        out = out (inside ? "_" : c)
      }
      return out
    }' "$1"
}
for file in "${files[@]}"; do
  while read -r line column old new; do
    tried=$((tried + 1))
    awk -v l="$line" -v c="$column" -v o="$old" -v n="$new" \
      'NR == l { print substr($0, 1, c - 1) n substr($0, c + length(o)); next } { print }' \
      "$root/$file" > "$copy/tree/$file"
    if build && timeout 60 "$copy/build/tests/rules-test" > "$copy/test.log" 2>&1; then
      survived=$((survived + 1))
      echo "survived: $file:$line:$column $old -> $new:$(sed -n "${line}p" "$root/$file")"
    fi
  done < <(places "$root/$file")
  cp "$root/$file" "$copy/tree/$file"
done
echo "mutate: $tried comparisons turned round, $survived survived"
[ "$survived" -eq 0 ]
