#!/bin/bash
# Powers any machine off so many seconds after its start, whatever its clock, its user data or its lease say: a lease is
# read by the wall clock, which may be wrong when the machine boots. `longest-life.sh [FILE]`; FILE holds the seconds.
# A sleep is measured by the kernel's monotonic clock, and it is started now, so that a machine with no process left can
# still end. When something kills the sleep, the machine ends sooner.
set -u

seconds=
read -r seconds < "${1:-/opt/drydock/boot/longest-life}"
if [[ $seconds =~ ^[1-9][0-9]{0,6}$ ]]; then
  sleep "$seconds" &
  wait
fi
echo "drydock: no machine lives longer than ${seconds:-0} s, powering off"
exec busybox poweroff -f
