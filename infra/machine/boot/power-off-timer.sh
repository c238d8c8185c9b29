#!/bin/bash
# Powers the machine off at the lease's end whatever else happens in it: `power-off-timer.sh USER_DATA SHORTER`.
# In a container the kernel answers a power-off by killing the container's first process and so all of them; on an
# instance it is the real thing. Waits with shell builtins only, so that a machine with no process or memory left
# can still end, and looks at the wall clock every few seconds, since a laptop may sleep meanwhile.
# SHORTER is a file that the agent may write later: seconds since 1970 at which the lease ends sooner. Whatever else
# is in it changes nothing, and nothing makes a lease longer than it has been.
set -u

lease=$(jq -er .leaseUntil "$1") && end=$(date -d "$lease" +%s)
if [ -z "${end:-}" ]; then
  echo "drydock: $1 names no lease, powering off"
  exec busybox poweroff -f
fi

# take_shorter FILE
take_shorter() {
  local sooner=
  [ -e "$1" ] && read -r sooner < "$1"
  if [[ $sooner =~ ^[1-9][0-9]{0,11}$ ]] && [ "$sooner" -lt "$end" ]; then end=$sooner; fi
}

# A pipe that nobody writes to.
exec {silence}<> <(:)
take_shorter "$2"
printf -v now '%(%s)T' -1
while [ "$now" -lt "$end" ]; do
  left=$((end - now))
  read -r -t "$((left < 5 ? left : 5))" -u "$silence"
  take_shorter "$2"
  printf -v now '%(%s)T' -1
done
printf 'drydock: the lease ended at %(%FT%TZ)T, powering off\n' "$end"
exec busybox poweroff -f
