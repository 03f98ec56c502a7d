#!/usr/bin/env bash
# Our wheel against ep-stats from PyPI, in turn in each round, each in an environment of its own with the same pandas: that of Python
# strings, then that of texts of Arrow.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
tools="${PYTHON_TOOLS:?names the folder of the environments}"
units="${BENCH_UNITS:-1000000}"
rounds="${BENCH_ROUNDS:-5}"

environment() {
  [ -x "$tools/$1/bin/python" ] || python3 -m venv "$tools/$1"
  "$tools/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}

# measure NAME FOLDER WHAT REPEATS: one line of JSON.
measure() {
  "$tools/$2/bin/python" measure.py "$3" "$4" "$units" | sed "s/^{/{\"name\": \"$1\", \"what\": \"$3\", /"
}

# In a folder without packages of ours.
cd "$here"
for pandas in 2 3; do
  environment "bench-peer-$pandas" -r "$here/requirements.txt" -r "$here/pandas-$pandas.txt"
  environment "bench-ours-$pandas" -r "$here/pandas-$pandas.txt"
  "$tools/bench-ours-$pandas/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "${BENCH_WHEELS:-$root/target/wheels}"/*.whl
  printf '\npandas %s\n' "$("$tools/bench-ours-$pandas/bin/python" -c 'import pandas; print(pandas.__version__)')"
  for _ in $(seq "$rounds"); do
    measure ours "bench-ours-$pandas" agg 200
    measure peer "bench-peer-$pandas" agg 3
    measure ours "bench-ours-$pandas" unit 3
    measure peer "bench-peer-$pandas" unit 1
    measure ours "bench-ours-$pandas" stream 3
  done | python3 compare.py
done
