#!/bin/bash
# Powers the machine off at the lease's end whatever else happens in it: `power-off-timer.sh USER_DATA`.
# In a container the kernel answers a power-off by killing the container's first process and so all of them; on an
# instance it is the real thing. Waits with shell builtins only, so that a machine with no process or memory left
# can still end, and looks at the wall clock every few seconds, since a laptop may sleep meanwhile.
set -u

lease=$(jq -er .leaseUntil "$1") && end=$(date -d "$lease" +%s)
if [ -z "${end:-}" ]; then
  echo "drydock: $1 names no lease, powering off"
  exec busybox poweroff -f
fi

# A pipe that nobody writes to.
exec {silence}<> <(:)
printf -v now '%(%s)T' -1
while [ "$now" -lt "$end" ]; do
  left=$((end - now))
  read -r -t "$((left < 5 ? left : 5))" -u "$silence"
  printf -v now '%(%s)T' -1
done
echo "drydock: the lease ended at $lease, powering off"
exec busybox poweroff -f
