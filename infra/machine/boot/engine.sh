# Sourced by boot.sh.

base=/opt/docker-base
engine_root=/var/lib/docker

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
  if ! iptables-nft -nL > /dev/null 2>&1 && iptables-legacy -nL > /dev/null 2>&1; then
    mkdir -p /run/drydock/iptables-legacy
    ln -sf /usr/sbin/iptables-legacy /run/drydock/iptables-legacy/iptables
    ln -sf /usr/sbin/ip6tables-legacy /run/drydock/iptables-legacy/ip6tables
    PATH=/run/drydock/iptables-legacy:$PATH
  fi
}

# start_engine LOG. The agent is started at the same time and waits for the engine's socket itself.
start_engine() {
  choose_iptables
  # The word `container` tells the engine that it runs in one: it then leaves the host's AppArmor alone.
  container=docker dockerd > "$1" 2>&1 &
}
