# Apache Spark as a cluster on loopback: a master, two workers and the server that speaks Spark Connect, each a process of its own.
# It takes 500 MB of disk, 4 GB of memory and half a minute to start, so it is run by name only.

spark_set_up() {
  if ! command -v java > /dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
      apt-get update -q && apt-get install -q -y --no-install-recommends openjdk-17-jre-headless
    else
      echo 'Java 17 is missing; get it with: sudo apt-get install openjdk-17-jre-headless' >&2; return 1
    fi
  fi
  python_environment spark "$here/spark.txt"
  python_environment adbc "$here/adbc.txt"
}

spark_start() {
  local classes=org.apache.spark master server index
  SPARK_HOME=$("$ENGINE_TOOLS/spark/bin/python" -c 'import pyspark; print(pyspark.__path__[0])')
  export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1
  export SPARK_LOG_DIR=$work/spark/log SPARK_WORKER_DIR=$work/spark/work SPARK_LOCAL_DIRS=$work/spark/local
  export SPARK_MASTER_OPTS=-Dspark.master.rest.enabled=false
  mkdir -p "$SPARK_LOG_DIR" "$SPARK_WORKER_DIR" "$SPARK_LOCAL_DIRS" "$work/spark/warehouse"
  master=$(spark_free_port) server=$(spark_free_port)
  spark_pids=()
  spark_process master "$SPARK_HOME/bin/spark-class" $classes.deploy.master.Master \
    --host 127.0.0.1 --port "$master" --webui-port 0
  spark_wait master 'New state: ALIVE'
  for index in 1 2; do
    spark_process "worker-$index" "$SPARK_HOME/bin/spark-class" $classes.deploy.worker.Worker \
      --host 127.0.0.1 --webui-port 0 --cores 1 --memory 1g "spark://127.0.0.1:$master"
  done
  spark_wait worker-1 'Successfully registered with master'
  spark_wait worker-2 'Successfully registered with master'
  # Moments need IEEE arithmetic, so Spark's ANSI mode stays on, as it is by default; two parts are enough for small tables.
  spark_process server "$SPARK_HOME/bin/spark-submit" --class $classes.sql.connect.service.SparkConnectServer --name tests \
    --master "spark://127.0.0.1:$master" --driver-memory 1g --executor-memory 1g --executor-cores 1 \
    --conf spark.connect.grpc.binding.address=127.0.0.1 --conf "spark.connect.grpc.binding.port=$server" \
    --conf spark.driver.host=127.0.0.1 --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 \
    --conf "spark.sql.warehouse.dir=$work/spark/warehouse" --conf spark.sql.session.timeZone=UTC spark-internal
  spark_wait server 'Spark Connect server started'
  export EPSTATS_TEST_SPARK_PORT=$server EPSTATS_TEST_SPARK_SERVER=spark
  EPSTATS_TEST_ADBC_SPARK=$(echo "$ENGINE_TOOLS"/adbc/lib/python3*/site-packages/adbc_driver_spark/libadbc_driver_spark.so)
  export EPSTATS_TEST_ADBC_SPARK
}

spark_free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

spark_stop() {
  local pid
  for pid in "${spark_pids[@]:-}"; do
    if [ -n "$pid" ]; then stop "$pid"; fi
  done
  spark_pids=()
}

spark_crates() {
  echo epstats-source-adbc
}

spark_test() {
  cargo test -p epstats-source-adbc -p epstats-cli --test it spark_connect_keeps_the_contract
}

# spark_process NAME COMMAND… starts a process, whose log is NAME.log.
spark_process() {
  local name=$1
  shift
  "$@" > "$SPARK_LOG_DIR/$name.log" 2>&1 &
  spark_pids+=($!)
}

# spark_wait NAME WORDS waits until a process has logged words.
spark_wait() {
  local _
  for _ in $(seq 3000); do
    if grep -q "$2" "$SPARK_LOG_DIR/$1.log"; then return; fi
    sleep 0.2
  done
  tail -n 40 "$SPARK_LOG_DIR/$1.log" >&2
  return 1
}
