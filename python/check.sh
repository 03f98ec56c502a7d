#!/usr/bin/env bash
# The Python package as users get it: builds the wheel, installs it into clean environments with the newest and the oldest
# supported versions of what it works with, and with nothing, and runs the tests there; types are checked, too.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
tools="${PYTHON_TOOLS:?names the folder of the environments}"
work="$here/../target/python-check"

"$here/build.sh" "$work"
for name in newest oldest bare; do
  "$here/environment.sh" "$name" "$name.txt"
  "$tools/$name/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$work"/*.whl
done

# Away from the sources, so that nothing but the wheel is imported.
cd "$work"
config="$here/pyproject.toml"

printf '\ntypes: the package, examples of users, and the compiled module against its stub\n'
"$tools/newest/bin/python" -m mypy --config-file "$config" -p epstats
"$tools/newest/bin/python" -m mypy --config-file "$config" "$here/type_checks/examples.py"
"$tools/newest/bin/python" -m mypy.stubtest epstats._epstats --mypy-config-file "$config"

for name in newest oldest; do
  printf '\n%s versions\n' "$name"
  "$tools/$name/bin/python" -m pytest -q --no-header -p no:cacheprovider -c "$config" --rootdir "$here" "$here/tests"
done

printf '\nnothing else installed\n'
"$tools/bare/bin/python" "$here/tests/bare.py"
