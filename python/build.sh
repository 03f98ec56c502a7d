#!/usr/bin/env bash
# Builds the wheel into the folder $1; WHEEL_PROFILE is `dev` unless it says `release`.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
tools="${PYTHON_TOOLS:?names the folder of the environments}"
"$here/environment.sh" tools tools.txt
rm -rf "$1"
cd "$here"
"$tools/tools/bin/maturin" build --quiet --locked --profile "${WHEEL_PROFILE:-dev}" --out "$1"
