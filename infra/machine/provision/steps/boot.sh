# Boot script and engine configuration: the last and smallest step, so that a change here costs a second.
install -d -m 755 /opt/drydock /opt/drydock/boot /etc/docker /var/lib/drydock
install -m 755 "$recipe"/boot/*.sh /opt/drydock/boot/
install -m 644 "$recipe/boot/longest-life" /opt/drydock/boot/
install -m 644 "$recipe/boot/daemon.json" /etc/docker/daemon.json
install -m 644 "$recipe/boot/registry.yml" /etc/docker/registry/config.yml
# What starts control plane and nodes.
if [ -d /opt/kubernetes ]; then
  rm -rf /opt/kubernetes/scripts
  cp -a "$recipe/kubernetes" /opt/kubernetes/scripts
fi
# For an instance; a container starts no services. The boot script starts the engine, so nothing else may.
units=/etc/systemd/system
mkdir -p "$units"
# And what is graded with stays as it was tested.
for unit in docker.service docker.socket containerd.service docker-registry.service apt-daily{,-upgrade}.timer; do
  ln -sf /dev/null "$units/$unit"
done
for unit in machine:multi-user longest-life:sysinit; do
  name=drydock-${unit%:*}.service
  target=$units/${unit#*:}.target.wants
  install -D -m 644 "$recipe/boot/systemd/$name" "$units/$name"
  mkdir -p "$target"
  ln -sf "../$name" "$target/$name"
done
# A missing one would mean a first boot, at which units are enabled by their presets; each machine gets its own.
: > /etc/machine-id
echo "##drydock 1 Boot script installed"
