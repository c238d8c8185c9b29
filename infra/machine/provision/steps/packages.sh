# Engine, Node.js for the agent, and tools. The engine is not started here, and by no service on a real instance
# either: the boot script starts it, on both.
source "$recipe/provision/apt.sh"

install -m 644 "$recipe/provision/slim.dpkg.cfg" /etc/dpkg/dpkg.cfg.d/drydock-slim
install -m 644 "$recipe/provision/machine.dpkg.cfg" /etc/dpkg/dpkg.cfg.d/drydock-machine
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

progress 0.02 "Reading the package lists"
apt-get update
progress 0.1 "Installing the engine, Node.js and tools"
apt-get install -y \
  docker.io docker-cli docker-buildx docker-registry \
  nodejs tini busybox-static iptables iproute2 ca-certificates curl stress-ng procps jq mmdebstrap

rm /usr/sbin/policy-rc.d
if [ -d /run/systemd/system ]; then
  systemctl disable --now docker.service docker.socket containerd.service docker-registry.service
fi

progress 0.95 "Removing what is not needed"
# An instance keeps what its region set.
[ -d /run/systemd/system ] || forget_place /
apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log /var/log/alternatives.log
# Every machine would have the same one.
rm -f /etc/machine-id
progress 1 "Packages installed"
