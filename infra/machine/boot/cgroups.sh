# Sourced by boot.sh. Works with cgroup v1 and v2, on a host's own and inside a container's namespace of it.

cgroups=${cgroups:-/sys/fs/cgroup}
systemd=${systemd:-/run/systemd/system}

# A container without full privileges gets its own cgroups read-only.
make_cgroups_writable() {
  local folder
  for folder in "$cgroups" "$cgroups"/*; do
    if mountpoint -q "$folder" && [ ! -w "$folder" ]; then mount -o remount,bind,rw "$folder"; fi
  done
}

is_v2() { [ -e "$cgroups/cgroup.controllers" ]; }

# v2 forbids processes beside child groups, so ours move to a leaf and leave the root to the engine. On an instance
# systemd has done so already.
give_v2_controllers_to_children() {
  [ -d "$systemd" ] && return
  mkdir -p "$cgroups/drydock-init"
  local pid controllers
  # A process that ended meanwhile cannot be moved and need not be.
  while read -r pid; do echo "$pid" > "$cgroups/drydock-init/cgroup.procs"; done \
    < "$cgroups/cgroup.procs" 2> /dev/null
  controllers=$(< "$cgroups/cgroup.controllers")
  echo "+${controllers// / +}" > "$cgroups/cgroup.subtree_control"
}

# memory_limit FILE...: bytes of the first file that states a real limit, else of the machine.
memory_limit() {
  local file limit total
  total=$(($(awk '/^MemTotal:/ {print $2}' /proc/meminfo) * 1024))
  for file; do
    [ -r "$file" ] || continue
    limit=$(< "$file")
    # v1 says "no limit" with a number near 2^63, v2 with the word max.
    if [ "$limit" != max ] && [ "${#limit}" -lt 16 ] && [ "$limit" -lt "$total" ]; then
      echo "$limit"
      return
    fi
  done
  echo "$total"
}

# The group drydock-build holds the RUN steps of image builds (docker build --cgroup-parent drydock-build), which
# have no limits of their own: a fork bomb or a memory hog in one must leave room for the engine and the agent.
divide_cgroups() {
  local bytes
  if is_v2; then
    give_v2_controllers_to_children
    bytes=$(($(memory_limit "$cgroups/memory.max") * 3 / 4))
    mkdir -p "$cgroups/drydock-build"
    echo 512 > "$cgroups/drydock-build/pids.max"
    echo "$bytes" > "$cgroups/drydock-build/memory.max"
  else
    bytes=$(($(memory_limit "$cgroups/memory/memory.limit_in_bytes") * 3 / 4))
    mkdir -p "$cgroups/pids/drydock-build" "$cgroups/memory/drydock-build"
    echo 512 > "$cgroups/pids/drydock-build/pids.max"
    echo 1 > "$cgroups/memory/drydock-build/memory.use_hierarchy"
    echo "$bytes" > "$cgroups/memory/drydock-build/memory.limit_in_bytes"
  fi
}
