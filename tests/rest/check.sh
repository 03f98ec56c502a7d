#!/usr/bin/env bash
# Calls a running service as its clients do: with a client written for the Python service, and with thousands of generated requests that hold it
# to its own description. Usage: check.sh COMMAND, the path of `epstats`. Its tools are installed once, into REST_TOOLS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
epstats=$1
tools=${REST_TOOLS:?names the folder of the tools}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT

if ! cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
  if ! python3 -m venv --help > /dev/null 2>&1 || ! python3 -c 'import ensurepip' 2> /dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
      apt-get update -q && apt-get install -q -y --no-install-recommends python3 python3-venv
    else
      echo 'python3 with venv is missing; get it with: sudo apt-get install python3-venv' >&2; exit 1
    fi
  fi
  rm -rf "$tools" && python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$tools/requirements.txt"
fi

# serve NAME FLAG... starts a service on a free port and leaves its address in the variable `url`.
serve() {
  local log="$work/$1.log"; shift
  "$epstats" serve --test-data --port 0 --log-format json "$@" 2> "$log" &
  for _ in $(seq 100); do
    url=$(sed -n 's/.*"message":"serving".*"url":"\([^"]*\)".*/\1/p' "$log")
    [ -n "$url" ] && return
    sleep 0.1
  done
  cat "$log" >&2; exit 1
}

serve open
"$tools/bin/python" "$here/client.py" "$url"

# With a key, so that requests without one are tried, too.
"$epstats" api-key tests 2> /dev/null > "$work/key"
sed -n 2p "$work/key" > "$work/keys"
serve locked --api-keys-file "$work/keys" --nonfinite null
cd "$work"
export REST_KEY=$(sed -n 1p "$work/key") SCHEMATHESIS_HOOKS="$here/hooks.py"
"$tools/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/openapi.json" \
  --checks all --seed "${REST_SEED:-1}" --max-examples "${REST_EXAMPLES:-60}" --no-color
if grep -q '"panicked\|panicked at' "$work"/*.log; then grep panicked "$work"/*.log >&2; exit 1; fi
