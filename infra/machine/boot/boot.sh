#!/bin/bash
# Starts the machine: the same script in a local container (as the child of tini) and on an EC2 instance (as a service,
# systemd/). It ends when the agent ends, and with it the machine.
set -uo pipefail

here=/opt/drydock/boot
run=/run/drydock
user_data=$run/user-data.json
agent=/opt/drydock/agent.mjs

power_off() {
  echo "drydock: $*, powering off"
  exec busybox poweroff -f
}

# First of all, before anything that could hang or be attacked. On an instance it is a service of its own.
if [ ! -d /run/systemd/system ]; then "$here/longest-life.sh" & fi
mkdir -p "$run"
"$here/user-data.sh" "$user_data" || power_off "the machine has no user data"
"$here/power-off-timer.sh" "$user_data" "$run/lease" &

source "$here/cgroups.sh"
source "$here/base-images.sh"
source "$here/engine.sh"
source "$here/uplink.sh"
source "$here/agent.sh"

choose_iptables
close_uplink "$user_data" || power_off "the machine's network could not be closed"
make_cgroups_writable
divide_cgroups
choose_cgroup_driver
lay_base_images
start_engine "$run/engine.log"

bring_agent "$user_data" "$agent" || power_off "there is no agent that may be run"
node "$agent" "$user_data" "$run/lease"
power_off "the agent ended with status $?"
