#!/usr/bin/env bash
# Runs the tests of sources against their engines: installs them once, starts them on loopback, and stops them whatever happens.
# Usage: check.sh [NAME…], all of them without a name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"

work=$(mktemp -d)
started=()
stop_all() {
  for name in "${started[@]}"; do "${name}_stop" || true; done
  rm -rf "$work"
}
trap stop_all EXIT

for name in $(engine_names "$@"); do
  "${name}_set_up"
  started+=("$name")
  "${name}_start"
  if declare -F "${name}_test" > /dev/null; then
    "${name}_test"
  else
    for crate in $("${name}_crates"); do
      # Beside the command, so that both are compiled with the same features of what they share; tests start it, too.
      cargo build -q -p "$crate" -p epstats-cli
      cargo test -p "$crate" -p epstats-cli --lib --tests
    done
  fi
  "${name}_stop"
  unset 'started[-1]'
done
