#!/usr/bin/env bash
# The Python package as users get it: builds the wheel, installs it into clean environments with the newest and the oldest
# supported versions of what it works with, and with nothing, and runs the tests there; types are checked, too.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
tools="${PYTHON_TOOLS:?names the folder of the environments}"
wheels="$here/../target/wheels-check"

# $1 name, $2 file of requirements: an environment that has them, made once.
environment() {
  local folder="$tools/$1" wanted
  wanted="$(cat "$here/requirements/$2" <(python3 --version) | cksum)"
  if [ "$(cat "$folder/made-of" 2> /dev/null || true)" != "$wanted" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements/$2"
    printf '%s' "$wanted" > "$folder/made-of"
  fi
}

install() {
  "$tools/$1/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheels"/*.whl
}

environment tools tools.txt
environment newest newest.txt
environment oldest oldest.txt
environment bare bare.txt

rm -rf "$wheels"
(cd "$here" && "$tools/tools/bin/maturin" build --quiet --profile "${WHEEL_PROFILE:-dev}" --out "$wheels")
for name in newest oldest bare; do install "$name"; done

printf 'types\n'

(cd "$wheels" && "$tools/tools/bin/mypy" --config-file "$here/pyproject.toml" --python-executable "$tools/newest/bin/python" -p epstats)
(cd "$wheels" && "$tools/tools/bin/mypy" --config-file "$here/pyproject.toml" --python-executable "$tools/newest/bin/python" "$here/type_checks/examples.py")
# The compiled module is as its stub says.
(cd "$wheels" && "$tools/newest/bin/python" -m mypy.stubtest epstats._epstats --mypy-config-file "$here/pyproject.toml")

# Away from the sources, so that nothing but the wheel is imported.
for name in newest oldest; do
  printf '%s versions\n' "$name"
  (cd "$wheels" && "$tools/$name/bin/python" -m pytest -q --no-header -p no:cacheprovider -c "$here/pyproject.toml" --rootdir "$here" "$here/tests")
done
printf 'nothing else installed\n'
(cd "$wheels" && "$tools/bare/bin/python" "$here/tests/bare.py")
