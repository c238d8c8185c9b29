#!/bin/sh
set -eu
cd "$1"

if [ -r cpuacct.usage ]; then
  counter() { echo "$(($(cat cpuacct.usage) / 1000))"; }
elif grep -q '^usage_usec ' cpu.stat 2>/dev/null; then
  counter() { sed -n 's/^usage_usec //p' cpu.stat; }
else
  echo "no CPU counter in $1" >&2
  exit 2
fi

first=$(counter)
sleep "$2"
second=$(counter)
echo "$(((second - first) * 100 / ($2 * 1000000)))"
