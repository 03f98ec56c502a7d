# A cluster of the embedded engine. Scheduler and executors are a program of the tests, which start a cluster for each of their needs.

ballista_set_up() { :; }

ballista_start() {
  cargo build -q -p epstats-source-ballista --example cluster
  EPSTATS_TEST_BALLISTA=$(cargo metadata -q --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/examples/cluster
  export EPSTATS_TEST_BALLISTA
}

# Every process of a cluster ends with the test that started it.
ballista_stop() { :; }

ballista_crates() {
  echo epstats-source-ballista
}
