#!/bin/sh
# sh monitor.sh CGROUP_FOLDER SECONDS
# Prints the CPU load over that many seconds in percent of one core, as a whole number.
folder=$1
seconds=$2

# Nanoseconds of CPU time so far. Version 1 has a cpu.stat too, but without usage_usec in it.
used() {
  if [ -f "$folder/cpuacct.usage" ]; then
    cat "$folder/cpuacct.usage"
  else
    awk '$1 == "usage_usec" { print $2 "000" }' "$folder/cpu.stat"
  fi
}

before=$(used 2>/dev/null)
if [ -z "$before" ]; then
  echo "$folder has neither cpuacct.usage nor a cpu.stat with usage_usec" >&2
  exit 1
fi
sleep "$seconds"
after=$(used)

echo $(((after - before) / (seconds * 10000000)))
