# No engine, but a parser that knows all dialects: what the snapshots of crates/epstats-plan say must parse.

parse_set_up() {
  python_environment parse "$here/parse.txt"
}

parse_start() {
  "$ENGINE_TOOLS/parse/bin/python" "$here/parse.py" \
    "$here"/../../crates/epstats-plan/tests/it/snapshots/it__dialects__*.snap
}

parse_stop() {
  :
}

parse_crates() {
  :
}
