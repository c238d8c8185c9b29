#!/bin/bash
# Powers the machine off at the lease's end whatever else happens in it: `power-off-timer.sh USER_DATA SHORTER [UPTIME]`.
# In a container the kernel answers a power-off by killing the container's first process and so all of them; on an
# instance it is the real thing. Waits with shell builtins only, so that a machine with no process or memory left
# can still end.
# A lease is named by the instant at which it ends, and is a span of running time from when it is read: the wall clock
# may be set meanwhile, and a computer that sleeps lets no run go on. UPTIME, else /proc/uptime, counts a sleep as well,
# so a wait that took far longer than it should was slept through. The limit for that is far above what a machine that
# is busy with everything costs a wait.
# SHORTER is a file that the agent may write later: seconds since 1970 at which the lease ends sooner. Whatever else
# is in it changes nothing, and nothing makes a lease longer than it has been.
set -u

uptime=${3:-/proc/uptime}
longest_wait=30

lease=$(jq -er .leaseUntil "$1") && end=$(date -d "$lease" +%s)
if [ -z "${end:-}" ]; then
  echo "drydock: $1 names no lease, powering off"
  exec busybox poweroff -f
fi

# read_uptime: whole seconds in $up; a machine that cannot say counts by its waits.
read_uptime() {
  local seconds=
  [ -e "$uptime" ] && read -r seconds _ < "$uptime"
  up=${seconds%%.*}
}

# take_shorter FILE: a word counts once, from when it is first read.
take_shorter() {
  local sooner= now
  [ -e "$1" ] && read -r sooner < "$1"
  [ "$sooner" = "$taken" ] && return
  taken=$sooner
  [[ $sooner =~ ^[1-9][0-9]{0,11}$ ]] || return
  printf -v now '%(%s)T' -1
  if [ $((sooner - now)) -lt "$left" ]; then left=$((sooner - now)); fi
}

# A pipe that nobody writes to.
exec {silence}<> <(:)
read_uptime
printf -v now '%(%s)T' -1
left=$((end - now))
taken=
take_shorter "$2"
while [ "$left" -gt 0 ]; do
  pause=$((left < 5 ? left : 5))
  before=$up
  read -r -t "$pause" -u "$silence"
  read_uptime
  passed=$pause
  if [ -n "$before" ] && [ -n "$up" ]; then passed=$((up - before)); fi
  if [ "$passed" -lt 0 ] || [ "$passed" -gt "$longest_wait" ]; then passed=$pause; fi
  left=$((left - passed))
  take_shorter "$2"
done
printf 'drydock: the lease ended at %(%FT%TZ)T, powering off\n' -1
exec busybox poweroff -f
