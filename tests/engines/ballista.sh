# A cluster of the embedded engine. Scheduler and executors are a program of the tests, which start a cluster for each of their needs.

ballista_set_up() { :; }

# The command is built along, so that the engine is compiled with the features that it has there, and only once.
ballista_cargo() {
  local what=$1
  shift
  cargo "$what" -p epstats-cli -p epstats-source-ballista "$@"
}

ballista_start() {
  local target
  ballista_cargo build -q --example cluster
  target=$(cargo metadata -q --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
  export EPSTATS_TEST_BALLISTA=$target/debug/examples/cluster
}

# Every process of a cluster ends with the test that started it.
ballista_stop() { :; }

ballista_crates() {
  echo epstats-source-ballista
}

ballista_test() {
  ballista_cargo test --lib --test it
}
