#!/usr/bin/env bash
# The service against the Python service ep-stats from PyPI: the same request, the same data, in turn, on loopback.
# Usage: bench/rest/run.sh [FOLDER for the tools]. Needs python3, wrk (Debian: apt-get install wrk) and a release build, which it makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=${1:-${HOME}/.cache/ep-stats/bench-tools}
data=$PWD/crates/epstats-demo/data
seconds=${SECONDS_EACH:-10}
command -v wrk > /dev/null || { echo 'wrk is missing; get it with: sudo apt-get install wrk' >&2; exit 1; }
if [ ! -x "$tools/bin/python" ]; then
  python3 -m venv "$tools"
  # pytz is a dependency that the package forgets to name.
  "$tools/bin/pip" install -q ep-stats==2.5.10 uvicorn pytz
fi
cargo build --release --locked -p epstats-cli
ours=${CARGO_TARGET_DIR:-target}/release/epstats
work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT

"$ours" serve --data "$data" --port 8091 --log-level warn 2> "$work/ours.log" &
process=$!
"$tools/bin/python" bench/rest/peer.py 8092 "$data/goals_agg.csv" > "$work/peer.log" 2>&1 &
for port in 8091 8092; do
  for _ in $(seq 300); do curl -s -o /dev/null "http://127.0.0.1:$port/health" && break; sleep 0.1; done
done

# load PORT REQUEST CONNECTIONS SECONDS [DELAY in ms between requests of a connection]
load() {
  BODY="$data/experiments/$2.json" DELAY="${5:-0}" wrk -t1 -c"$3" -d"$4"s --timeout 60s --latency -s bench/rest/post.lua "http://127.0.0.1:$1/evaluate?extra=false"
}
rate() { awk '/Requests\/sec/ {print $2}'; }
memory() { awk '/VmRSS/ {print $2 " kB"}' "/proc/$process/status"; }

uname -srm; grep -m1 'model name' /proc/cpuinfo; nproc
for request in signup-button headline grand-tour; do
  curl -s -d "@$data/experiments/$request.json" "http://127.0.0.1:8091/evaluate?extra=false&nonfinite=null" > "$work/a"
  load 8091 "$request" 8 2 > /dev/null
  for turn in 1 2 3; do
    theirs=$(load 8092 "$request" 5 "$seconds" | tee "$work/theirs" | rate)
    own=$(load 8091 "$request" 8 "$seconds" | tee "$work/own" | rate)
    awk -v a="$own" -v b="$theirs" -v r="$request" -v t="$turn" 'BEGIN {printf "%s, turn %s: ours %.0f/s, ep-stats %.1f/s, ratio %.0f\n", r, t, a, b, a / b}'
  done
  grep -E '99%|Non-2xx|Socket errors' "$work/own" | sed 's/^/  ours at full load: /'
  grep -E 'Non-2xx|Socket errors' "$work/theirs" | sed 's/^/  ep-stats: /' || true
done

echo "five minutes at about half of the maximum: memory before $(memory)"
load 8091 signup-button "${HALF_CONNECTIONS:-8}" "${HALF_SECONDS:-300}" "${HALF_DELAY:-1}" | grep -E 'Requests/sec|50%|99%|Non-2xx|Socket errors'
echo "memory after $(memory)"
