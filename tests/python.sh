#!/usr/bin/env bash
# Runs a script in an environment of its own, which is made once: python.sh FOLDER REQUIREMENTS SCRIPT [ARGUMENT…], FOLDER where the environment is kept.
set -euo pipefail
tools=$1 requirements=$2
shift 2
if ! cmp -s "$requirements" "$tools/requirements.txt"; then
  if ! python3 -c 'import ensurepip' 2> /dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
      apt-get update -q && apt-get install -q -y --no-install-recommends python3 python3-venv
    else
      echo 'python3 with venv is missing; get it with: sudo apt-get install python3-venv' >&2; exit 1
    fi
  fi
  rm -rf "$tools" && mkdir -p "$(dirname "$tools")" && python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check -r "$requirements"
  cp "$requirements" "$tools/requirements.txt"
fi
exec "$tools/bin/python" "$@"
