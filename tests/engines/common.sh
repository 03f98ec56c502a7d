# Shared by set-up.sh and check.sh. Each engine has a file NAME.sh with the functions
#   NAME_set_up   installs it into "$ENGINE_TOOLS/NAME", unless it is there
#   NAME_start    starts it with its data in "$work", and exports what tests need as EPSTATS_TEST_…
#   NAME_stop     stops what was started, even where starting failed halfway
#   NAME_crates   prints the crates whose tests need it; where that does not say it, NAME_test runs the tests
ENGINE_TOOLS=${ENGINE_TOOLS:-$HOME/.cache/ep-stats/engine-tools}

# All engines but Spark, which is large and is run by its name only; or those that are named.
engine_names() {
  if [ $# -gt 0 ]; then printf '%s\n' "$@"; return; fi
  local file
  for file in "$here"/*.sh; do
    file=$(basename "$file" .sh)
    case $file in set-up | check | common | spark) ;; *) printf '%s\n' "$file" ;; esac
  done
}

# python_environment NAME REQUIREMENTS makes a virtual environment in "$ENGINE_TOOLS/NAME" with what the file asks for, unless it is there.
python_environment() {
  local folder="$ENGINE_TOOLS/$1" wanted
  wanted=$(cat "$2" <(python3 --version) | cksum)
  if [ "$(cat "$folder/made-of" 2> /dev/null || true)" != "$wanted" ]; then
    rm -rf "$folder"
    mkdir -p "$ENGINE_TOOLS"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$2"
    printf '%s' "$wanted" > "$folder/made-of"
  fi
}

# stop PID asks a process to end, and insists after five seconds.
stop() {
  local _
  kill "$1" 2> /dev/null || return 0
  for _ in $(seq 50); do
    kill -0 "$1" 2> /dev/null || return 0
    sleep 0.1
  done
  kill -9 "$1" 2> /dev/null || true
}

# first_line FILE waits until a program has written a line, and prints it.
first_line() {
  local _
  for _ in $(seq 600); do
    if [ -s "$1" ] && [ "$(wc -l < "$1")" -gt 0 ]; then head -n 1 "$1"; return; fi
    sleep 0.1
  done
  printf 'nothing was written to %s\n' "$1" >&2
  return 1
}

for engine in $(engine_names) spark; do source "$here/$engine.sh"; done
