#!/usr/bin/env bash
# How much cheaper are many experiments together than one by one?
#
# Makes experiments whose users overlap, over one table set in two layouts (once), and evaluates all of them by `epstats evaluate`: each in a
# run of its own, then so many at a time. Prints what each way takes, and what starting the command takes of that. Takes the release build of
# the command; `EPSTATS=path/to/epstats` takes another.
#
#   bench/many.sh [EXPERIMENTS] [UNITS] [AT_A_TIME…]      50 experiments of 30000 units (1.5 million exposures), 5 10 25 50 at a time
set -euo pipefail
cd "$(dirname "$0")/.."
experiments=${1:-50}
units=${2:-30000}
shift $(($# < 2 ? $# : 2))
sizes=("${@:-}")
[ -n "${sizes[0]}" ] || sizes=(5 10 25 50)
target=${CARGO_TARGET_DIR:-$HOME/.cache/ep-stats/target}
epstats=${EPSTATS:-$target/release/epstats}
[ -x "$epstats" ] || CARGO_TARGET_DIR=$target cargo build --release -p epstats-cli
data=$target/bench-many-$experiments-$units
if [ ! -d "$data" ]; then
  python=$target/bench-many-python
  [ -x "$python/bin/python" ] || python3 -m venv "$python"
  "$python/bin/pip" install --quiet --disable-pip-version-check -r bench/many/requirements.txt
  rm -rf "$data.new"
  "$python/bin/python" bench/many/make.py "$data.new" "$experiments" "$units" $((units * 10))
  mv "$data.new" "$data"
fi

# Evaluates all experiments, so many at a time; prints seconds, and seconds of processors.
seconds() { # SOURCE AT_A_TIME
  local TIMEFORMAT='%1R %1U %1S'
  { time evaluate "$1" "$2" 2>&4; } 4>&2 2>&1 | awk '{printf "%s s, processors %.1f s", $1, $2 + $3}'
}
evaluate() { # SOURCE AT_A_TIME
  find "$data" -name 'experiment-*.yaml' | sort | xargs -n "$2" sh -c '
    epstats=$1 config=$2 source=$3; shift 3
    "$epstats" evaluate "$@" --config "$config" --source "$source" --format csv --quiet > /dev/null || exit 255
  ' sh "$epstats" "$data/epstats.yaml" "$1"
}
begin=$(date +%s.%N)
for ((i = 0; i < 10; i++)); do "$epstats" --version > /dev/null; done
end=$(date +%s.%N)
printf 'machine      %s, %s cores\n' "$(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)" "$(nproc)"
printf 'data         %s experiments of %s units, %s\n' "$experiments" "$units" "$(du -sh "$data" | cut -f1)"
printf 'one start    %s s\n' "$(awk -v b="$begin" -v e="$end" 'BEGIN {printf "%.2f", (e - b) / 10}')"
for source in ${SOURCES:-events unit-goals}; do
  for size in 1 "${sizes[@]}"; do
    taken=$(seconds "$source" "$size")
    printf '%-12s %3s at a time  %s\n' "$source" "$size" "$taken"
  done
done
