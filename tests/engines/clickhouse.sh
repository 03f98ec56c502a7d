# ClickHouse's engine in process (chdb), behind a server that speaks its HTTP interface.

clickhouse_set_up() {
  python_environment clickhouse "$here/clickhouse.txt"
}

clickhouse_start() {
  local python="$ENGINE_TOOLS/clickhouse/bin/python"
  "$python" "$here/clickhouse_server.py" "$work/clickhouse" > "$work/clickhouse.url" &
  clickhouse_pid=$!
  EPSTATS_TEST_CLICKHOUSE_URL=$(first_line "$work/clickhouse.url")
  # Some tests start servers of their own: to stop them in the middle of a query, and with TLS.
  EPSTATS_TEST_CLICKHOUSE_PYTHON=$python
  EPSTATS_TEST_CLICKHOUSE_SERVER=$here/clickhouse_server.py
  export EPSTATS_TEST_CLICKHOUSE_URL EPSTATS_TEST_CLICKHOUSE_PYTHON EPSTATS_TEST_CLICKHOUSE_SERVER
}

clickhouse_stop() {
  if [ -n "${clickhouse_pid:-}" ]; then stop "$clickhouse_pid"; clickhouse_pid=; fi
}

clickhouse_crates() {
  echo epstats-source-clickhouse
}
