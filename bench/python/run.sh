#!/usr/bin/env bash
# Our wheel against ep-stats from PyPI, one after the other in each round, each in an environment of its own with the same pandas.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
tools="${PYTHON_TOOLS:?names the folder of the environments}"
units="${BENCH_UNITS:-1000000}"

environment() {
  [ -x "$tools/$1/bin/python" ] || python3 -m venv "$tools/$1"
  "$tools/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}
environment bench-peer -r "$here/requirements.txt"
version="$("$tools/bench-peer/bin/python" -c 'import pandas; print(pandas.__version__)')"
environment bench-ours "pandas==$version"
"$tools/bench-ours/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$root"/target/wheels/*.whl

# In a folder without packages of ours.
cd "$here"
for round in 1 2 3; do
  for name in ours peer; do
    if [ "$name" = ours ]; then repeats=200; else repeats=3; fi
    "$tools/bench-$name/bin/python" measure.py agg "$repeats" | sed "s/^{/{\"name\": \"$name\", \"what\": \"agg\", /"
    if [ "$round" -eq 1 ]; then
      "$tools/bench-$name/bin/python" measure.py unit 1 "$units" | sed "s/^{/{\"name\": \"$name\", \"what\": \"unit\", /"
    fi
  done
done | python3 compare.py
