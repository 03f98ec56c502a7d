# Databases with ADBC drivers: SQLite and DuckDB in the process of the tests, PostgreSQL, and Sail as Flight SQL and as Spark Connect. The drivers
# of Snowflake and BigQuery are loaded only.

adbc_duckdb='@duckdb/node-bindings-linux-x64@1.5.6-r.1'

adbc_set_up() {
  python_environment adbc "$here/adbc.txt"
  local folder="$ENGINE_TOOLS/duckdb"
  if [ "$(cat "$folder/made-of" 2> /dev/null || true)" != "$adbc_duckdb" ]; then
    adbc_install npm npm
    rm -rf "$folder" && mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "$adbc_duckdb" > /dev/null && tar -xzf ./*.tgz --strip-components 1 && rm ./*.tgz)
    printf '%s' "$adbc_duckdb" > "$folder/made-of"
  fi
  if [ -z "$(adbc_postgres_programs)" ]; then adbc_install postgresql 'the server of PostgreSQL'; fi
}

# adbc_install PACKAGE WHAT installs a package of Debian, where that is allowed and something is missing.
adbc_install() {
  case $1 in npm) if command -v npm > /dev/null; then return; fi ;; esac
  if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$1"
  else
    printf '%s is missing; get it with: sudo apt-get install %s\n' "$2" "$1" >&2
    return 1
  fi
}

# The folder of the newest PostgreSQL.
adbc_postgres_programs() {
  find /usr/lib/postgresql -path '*/bin/initdb' 2> /dev/null | sort -V | tail -n 1 | xargs -r dirname
}

# The server of PostgreSQL refuses to run as root.
adbc_as=()
if [ "$(id -u)" -eq 0 ]; then adbc_as=(setpriv --reuid=postgres --regid=postgres --clear-groups --); fi

adbc_start() {
  local libraries duckdb="$ENGINE_TOOLS/duckdb/libduckdb.so" name
  libraries=$(echo "$ENGINE_TOOLS"/adbc/lib/python3*/site-packages)
  for name in bigquery flightsql postgresql snowflake spark sqlite; do
    export "EPSTATS_TEST_ADBC_${name^^}=$libraries/adbc_driver_$name/libadbc_driver_$name.so"
  done
  export EPSTATS_TEST_ADBC_DUCKDB=$duckdb EPSTATS_TEST_ADBC_FOLDER=$work/adbc
  adbc_start_sail spark EPSTATS_TEST_SPARK_PORT
  adbc_start_sail flight EPSTATS_TEST_FLIGHTSQL_PORT
  adbc_start_postgres
  adbc_await "$EPSTATS_TEST_SPARK_PORT"
  adbc_await "$EPSTATS_TEST_FLIGHTSQL_PORT"
}

# adbc_start_sail KIND VARIABLE starts one server of Sail, and exports its port.
adbc_start_sail() {
  local port
  port=$(adbc_free_port)
  mkdir -p "$work/sail-$1"
  "$ENGINE_TOOLS/adbc/bin/sail" "$1" server --ip 127.0.0.1 --port "$port" --directory "$work/sail-$1" > "$work/sail-$1.log" 2>&1 &
  adbc_processes+=("$!")
  export "$2=$port"
}

adbc_start_postgres() {
  local programs port
  programs=$(adbc_postgres_programs)
  port=$(adbc_free_port)
  # Not below "$work", which only its owner may enter.
  adbc_folder=$(mktemp -d)
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$adbc_folder"; fi
  printf 'open sesame' > "$work/password"
  "${adbc_as[@]}" "$programs/initdb" -D "$adbc_folder/data" -U postgres -A scram-sha-256 --pwfile=/dev/stdin \
    --no-sync -E UTF8 --locale=C.UTF-8 < "$work/password" > "$work/initdb.log"
  "${adbc_as[@]}" "$programs/postgres" -D "$adbc_folder/data" -p "$port" -k "$adbc_folder" -c listen_addresses=127.0.0.1 \
    -c fsync=off -c max_connections=50 > "$work/postgres.log" 2>&1 &
  adbc_postgres=$!
  export EPSTATS_TEST_POSTGRES_PORT=$port EPSTATS_TEST_POSTGRES_PASSWORD='open sesame'
  adbc_await "$port"
  local _
  for _ in $(seq 100); do
    if "$programs/pg_isready" -q -h 127.0.0.1 -p "$port"; then return; fi
    sleep 0.1
  done
  cat "$work/postgres.log" >&2
  return 1
}

adbc_free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# adbc_await PORT waits until something takes connections.
adbc_await() {
  local _
  for _ in $(seq 600); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; then return; fi
    sleep 0.1
  done
  printf 'nothing listens at port %s\n' "$1" >&2
  return 1
}

adbc_processes=()
adbc_stop() {
  local process
  for process in "${adbc_processes[@]}"; do stop "$process"; done
  adbc_processes=()
  # This signal has PostgreSQL end its sessions, too.
  if [ -n "${adbc_postgres:-}" ]; then kill -INT "$adbc_postgres" 2> /dev/null || true; stop "$adbc_postgres"; adbc_postgres=; fi
  if [ -n "${adbc_folder:-}" ]; then rm -rf "$adbc_folder"; adbc_folder=; fi
}

adbc_crates() {
  echo epstats-source-adbc
}
