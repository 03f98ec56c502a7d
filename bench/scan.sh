#!/usr/bin/env bash
# How much more do ten metrics cost than one over the same files?
#
# Runs `epstats evaluate` with one metric (click-through rate) and with ten, in turn, and prints the median time of
# each and the median of the ratios pair by pair. Takes the release build of the command; makes the data once.
#
#   bench/scan.sh [UNITS] [RUNS]      1000000 units (five million events) and 9 runs by default
set -euo pipefail
cd "$(dirname "$0")/.."
units=${1:-1000000}
runs=${2:-9}
target=${CARGO_TARGET_DIR:-$HOME/.cache/ep-stats/target}
epstats=${EPSTATS:-$target/release/epstats}
[ -x "$epstats" ] || CARGO_TARGET_DIR=$target cargo build --release -p epstats-cli
data=$target/bench-data-$units
[ -f "$data/experiment.yaml" ] || "$epstats" demo --units "$units" --seed 1 --out "$data" --quiet

# Definitions of the first metrics; the header and the checks of the demo stay.
define() { # FILE IDS…
  local file=$1; shift
  python3 - "$data/experiment.yaml" "$file" "$@" <<'PY'
import re, sys
source, target, ids = sys.argv[1], sys.argv[2], set(sys.argv[3:])
text = open(source).read()
head, rest = text.split("metrics:\n", 1)
metrics, checks = rest.split("checks:\n", 1)
items = re.findall(r"(?:^  #.*\n)*^  - id: (\d+)\n(?:^    .*\n|^\n)*", metrics, re.M)
blocks = re.split(r"(?m)^(?=  - id: )", metrics)
kept = [b for b in blocks if (m := re.match(r"  - id: (\d+)", b)) and m.group(1) in ids]
assert len(kept) == len(ids), f"found {len(kept)} of {len(ids)} metrics"
open(target, "w").write(head + "metrics:\n" + "".join(kept) + "checks: []\n")
PY
}
one=$(mktemp --suffix .yaml); ten=$(mktemp --suffix .yaml); times=$(mktemp)
trap 'rm -f "$one" "$ten" "$times"' EXIT
ctr=$(awk '/^  - id:/ {id=$3} /nominator: count\(user.unit.click\)$/ {print id; exit}' "$data/experiment.yaml")
others=$(awk -v skip="$ctr" '/^  - id:/ && $3 != skip {print $3}' "$data/experiment.yaml" | head -9)
define "$one" "$ctr"
define "$ten" "$ctr" $others

run() { # DEFINITION
  local begin end
  begin=$(date +%s.%N)
  "$epstats" evaluate "$1" --config "$data/epstats.yaml" --source demo --format csv --quiet > /dev/null
  end=$(date +%s.%N)
  awk -v b="$begin" -v e="$end" 'BEGIN {printf "%.4f", e - b}'
}
run "$one" > /dev/null; run "$ten" > /dev/null
for ((i = 0; i < runs; i++)); do
  printf '%s %s\n' "$(run "$one")" "$(run "$ten")" >> "$times"
done
median() { sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
printf 'machine      %s, %s cores\n' "$(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)" "$(nproc)"
printf 'data         %s units, %s\n' "$units" "$(du -sh "$data" | cut -f1)"
printf 'one metric   %s s (median of %s)\n' "$(awk '{print $1}' "$times" | median)" "$runs"
printf 'ten metrics  %s s\n' "$(awk '{print $2}' "$times" | median)"
printf 'ratio        %s (median of the pairs)\n' "$(awk '{print $2 / $1}' "$times" | median)"
