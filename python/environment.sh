#!/usr/bin/env bash
# Makes the environment $1 with what the file $2 asks for, unless it is there already.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
folder="${PYTHON_TOOLS:?names the folder of the environments}/$1"
wanted="$(cat "$here/requirements/$2" <(python3 --version) | cksum)"
if [ "$(cat "$folder/made-of" 2> /dev/null || true)" != "$wanted" ]; then
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements/$2"
  printf '%s' "$wanted" > "$folder/made-of"
fi
