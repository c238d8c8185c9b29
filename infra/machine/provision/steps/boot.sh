# Boot script and engine configuration: the last and smallest step, so that a change here costs a second.
install -d -m 755 /opt/drydock /opt/drydock/boot /etc/docker /var/lib/drydock
install -m 755 "$recipe"/boot/*.sh /opt/drydock/boot/
install -m 644 "$recipe/boot/daemon.json" /etc/docker/daemon.json
install -m 644 "$recipe/boot/registry.yml" /etc/docker/registry/config.yml
# What starts control plane and nodes.
if [ -d /opt/kubernetes ]; then
  rm -rf /opt/kubernetes/scripts
  cp -a "$recipe/kubernetes" /opt/kubernetes/scripts
fi
echo "##drydock 1 Boot script installed"
