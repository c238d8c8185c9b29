# Sourced by control-plane.sh and node.sh: runs programs of /opt/kubernetes/bin side by side, each with a log of its own.

declare -A names=()

# A smaller heap for a little more work: four Go programs share the machine with what they serve.
export GOGC=${GOGC:-50}

# program NAME ARGUMENT...: in the background, with a new log.
program() {
  "/opt/kubernetes/bin/$1" "${@:2}" > "$logs/$1.log" 2>&1 &
  names[$!]=$1
}

# Ends this script when a program has ended.
all_run() {
  local pid
  for pid in "${!names[@]}"; do
    [ -e "/proc/$pid/stat" ] || ended "$pid"
  done
}

wait_for_programs() {
  local pid status=0
  wait -n -p pid "${!names[@]}" || status=$?
  ended "$pid" "$status"
}

# ended PID [STATUS]: the last words are for the engine's log, which outlives the container's end.
ended() {
  echo "${names[$1]} ended${2:+ with status $2}. Its last lines:"
  tail -n 15 "$logs/${names[$1]}.log"
  exit 1
}

# await_api_server URL CA: any answer will do; it takes requests seconds before it calls itself ready.
await_api_server() {
  until curl -s -o /dev/null --cacert "$2" "$1/livez"; do
    all_run
    sleep 0.05
  done
}
