#!/bin/bash
# node.sh NAME IP CONTROL_PLANE_IP POD_NETWORK CPUS MEMORY_MIB NETWORK=NODE_IP...: a worker node in a container: containerd, kubelet and
# kube-proxy. CPUS and MEMORY_MIB are what its pods may have together; NETWORK=NODE_IP says through which other node a
# part of the pods' addresses is reached. Keys and identities are in /etc/kubernetes, prepared images in
# /opt/kubernetes/store. Ends when one of the programs ends, and starts again as the same node.
set -euo pipefail

name=$1 ip=$2 control_plane=$3 pod_network=$4 cpus=$5 memory_mib=$6
shift 6
scripts=$(dirname "$(readlink -f "$0")")
logs=/var/log/kubernetes
mkdir -p $logs
source "$scripts/run-programs.sh"
source "$scripts/node-kernel.sh"

share_mounts
make_cgroups_writable
make_own_network_settings_writable
show_expected_kernel_settings
choose_iptables
for route; do ip route replace "${route%=*}" via "${route#*=}"; done

# Images that pods start from: notes only, the files stay where they were prepared.
[ -e /var/lib/containerd/io.containerd.metadata.v1.bolt ] || cp -a /opt/kubernetes/store/. /var/lib/containerd/
mkdir -p /etc/cni/net.d
sed "s#POD_NETWORK#$pod_network#" "$scripts/pod-network.conflist" > /etc/cni/net.d/10-pods.conflist
{ cat "$scripts/kubelet.yaml" && reserve_for_others "$cpus" "$memory_mib"; } > /run/kubelet.yaml

program containerd --config "$scripts/containerd.toml"

server=https://$control_plane:6443
# The kubelet ends when containerd listens but is not done, which a node that starts again would run into.
until grep -q "containerd successfully booted" "$logs/containerd.log"; do
  all_run
  sleep 0.05
done
await_api_server "$server" /etc/kubernetes/ca.crt
program kubelet --config /run/kubelet.yaml --kubeconfig /etc/kubernetes/kubelet.kubeconfig \
  --hostname-override "$name" --node-ip "$ip"

# Its rights are among the roles that the API server makes before it calls itself ready.
until curl -sf -o /dev/null --cacert /etc/kubernetes/ca.crt "$server/readyz"; do
  all_run
  sleep 0.05
done
program kube-proxy --config "$scripts/kube-proxy.yaml" --hostname-override "$name"

wait_for_programs
