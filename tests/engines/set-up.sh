#!/usr/bin/env bash
# Installs the engines that tests of sources need, once, into ENGINE_TOOLS. Usage: set-up.sh [NAME…], all of them without a name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"

for name in $(engine_names "$@"); do
  "${name}_set_up"
done
