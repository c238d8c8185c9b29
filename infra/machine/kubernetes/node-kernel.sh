# Sourced by node.sh: what a node needs of the kernel, and what a container does not give by itself.

# Volumes of pods are mounted under the kubelet's folder and must be seen by containers made later.
share_mounts() {
  mount --make-rshared /
  # A container has no kernel log, and the kubelet does not start without one.
  [ -e /dev/kmsg ] || ln -s /dev/null /dev/kmsg
}

is_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

make_cgroups_writable() {
  local folder
  for folder in /sys/fs/cgroup /sys/fs/cgroup/*; do
    if mountpoint -q "$folder" && [ ! -w "$folder" ]; then mount -o remount,bind,rw "$folder"; fi
  done
  if is_v2; then give_v2_controllers_to_children; fi
}

# v2 forbids processes beside child groups, so the node's own move to a leaf and leave the root to the kubelet.
give_v2_controllers_to_children() {
  local pid controllers
  mkdir -p /sys/fs/cgroup/node
  # A process that ended meanwhile cannot be moved and need not be.
  while read -r pid; do echo "$pid" > /sys/fs/cgroup/node/cgroup.procs; done \
    < /sys/fs/cgroup/cgroup.procs 2> /dev/null
  controllers=$(< /sys/fs/cgroup/cgroup.controllers)
  echo "+${controllers// / +}" > /sys/fs/cgroup/cgroup.subtree_control
}

# /proc/sys is read-only here, since most of it is the whole kernel's; what is below net is this node's own.
make_own_network_settings_writable() {
  mkdir -p /run/proc
  mount -t proc proc /run/proc
  mount --bind /run/proc/sys/net /proc/sys/net
  umount -l /run/proc
  echo 1 > /proc/sys/net/ipv4/ip_forward
}

# The kubelet insists on these settings of the whole kernel, which matter to real nodes and are not this node's to change.
show_expected_kernel_settings() {
  local setting file
  mkdir -p /run/settings
  for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=/proc/sys/${setting%=*}
    [ "$(< "$file")" != "${setting#*=}" ] || continue
    echo "${setting#*=}" > "/run/settings/${setting//\//.}"
    mount --bind "/run/settings/${setting//\//.}" "$file"
  done
}

# A kernel without nf_tables has the older tables only.
choose_iptables() {
  local variant=nft program
  if ! iptables-nft -nL > /dev/null 2>&1 && iptables-legacy -nL > /dev/null 2>&1; then variant=legacy; fi
  mkdir -p /run/iptables
  for program in iptables ip6tables; do
    ln -sf "/usr/sbin/$program-$variant" "/run/iptables/$program"
    ln -sf "/usr/sbin/$program-$variant-save" "/run/iptables/$program-save"
    ln -sf "/usr/sbin/$program-$variant-restore" "/run/iptables/$program-restore"
  done
  export PATH=/run/iptables:$PATH
}

# reserve_for_others CPUS MEMORY_MIB: the kubelet sees processors and memory of the whole computer; all but what the
# node's pods may have is set aside.
reserve_for_others() {
  local cpu memory
  cpu=$(($(getconf _NPROCESSORS_ONLN) - $1))
  memory=$(($(awk '/^MemTotal:/ {print $2}' /proc/meminfo) - $2 * 1024))
  echo "systemReserved: {cpu: \"$((cpu > 0 ? cpu : 0))\", memory: \"$((memory > 0 ? memory : 0))Ki\"}"
}
