# Sourced by boot.sh.

# What the rest of the boot script has to say to the engine.
engine_options=()

# A kernel without nf_tables has the older tables only.
choose_iptables() {
  local program
  if ! iptables-nft -nL > /dev/null 2>&1 && iptables-legacy -nL > /dev/null 2>&1; then
    mkdir -p /run/drydock/iptables-legacy
    for program in iptables ip6tables; do
      ln -sf "/usr/sbin/$program-legacy" "/run/drydock/iptables-legacy/$program"
      ln -sf "/usr/sbin/$program-legacy-restore" "/run/drydock/iptables-legacy/$program-restore"
    done
    PATH=/run/drydock/iptables-legacy:$PATH
  fi
}

# Where systemd runs on cgroup v2 the engine leaves the groups to it, and then takes no --cgroup-parent drydock-build.
choose_cgroup_driver() {
  if is_v2 && [ -d "$systemd" ]; then engine_options+=(--exec-opt native.cgroupdriver=cgroupfs); fi
}

# start_engine LOG. The agent is started at the same time and waits for the engine's socket itself.
start_engine() {
  # BuildKit stops showing a RUN step's output at 1 MiB or 100 KiB/s by itself, so that nobody could tell a flood from
  # silence. Up to the most that docker/build lets a build write it shows all of it; its memory stays bounded.
  export BUILDKIT_STEP_LOG_MAX_SPEED=-1 BUILDKIT_STEP_LOG_MAX_SIZE=$((8 * 1024 * 1024))
  # The word `container` tells the engine that it runs in one: it then leaves the host's AppArmor alone.
  container=docker dockerd "${engine_options[@]}" > "$1" 2>&1 &
}
