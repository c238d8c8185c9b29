#!/bin/bash
# Starts the machine: the same script in a local container (as the child of tini) and on an EC2 instance.
# It ends when the agent ends, and with it the machine.
set -uo pipefail

here=/opt/drydock/boot
run=/run/drydock
user_data=$run/user-data.json

# First of all, before anything that could hang or be attacked.
"$here/power-off-timer.sh" "$user_data" "$run/lease" &

source "$here/cgroups.sh"
source "$here/base-images.sh"
source "$here/engine.sh"
source "$here/uplink.sh"

mkdir -p "$run"
choose_iptables
if ! close_uplink "$user_data"; then
  echo "drydock: the machine's network could not be closed, powering off"
  exec busybox poweroff -f
fi
make_cgroups_writable
divide_cgroups
lay_base_images
start_engine "$run/engine.log"

node /opt/drydock/agent.mjs "$user_data" "$run/lease"
status=$?
echo "drydock: the agent ended with status $status, powering off"
exec busybox poweroff -f
