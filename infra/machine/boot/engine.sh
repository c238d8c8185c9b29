# Sourced by boot.sh.

base=/opt/docker-base
engine_root=/var/lib/docker
# What the rest of the boot script has to say to the engine.
engine_options=()

# The engine's notes about the base images are copied into its fresh folder; their files (hundreds of MB) stay in the
# machine's image and are reached through a link, which the overlay driver follows as a lower layer.
lay_base_images() {
  local layer id
  [ -e "$engine_root/image" ] && return
  mkdir -p "$engine_root/overlay2"
  cp -a "$base/image" "$engine_root/"
  cp -a "$base/overlay2/l" "$engine_root/overlay2/"
  for layer in "$base"/overlay2/*/diff; do
    layer=${layer%/diff}
    id=${layer##*/}
    mkdir -m 710 "$engine_root/overlay2/$id"
    cp -a "$layer/link" "$engine_root/overlay2/$id/"
    ln -s "$layer/diff" "$engine_root/overlay2/$id/diff"
  done
}

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

# start_engine LOG. The agent is started at the same time and waits for the engine's socket itself.
start_engine() {
  # BuildKit stops showing a RUN step's output at 1 MiB or 100 KiB/s by itself, so that nobody could tell a flood from
  # silence. Up to the most that docker/build lets a build write it shows all of it; its memory stays bounded.
  export BUILDKIT_STEP_LOG_MAX_SPEED=-1 BUILDKIT_STEP_LOG_MAX_SIZE=$((8 * 1024 * 1024))
  # The word `container` tells the engine that it runs in one: it then leaves the host's AppArmor alone.
  container=docker dockerd "${engine_options[@]}" > "$1" 2>&1 &
}
