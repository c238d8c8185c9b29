#!/bin/bash
# control-plane.sh IP SERVICE_NETWORK POD_NETWORK NETWORK=NODE_IP...: etcd, API server, controller manager and scheduler, as the only
# things in a container of their own. Keys and identities are in /etc/kubernetes. NETWORK=NODE_IP says through which
# node a part of the pods' addresses is reached. Ends when one of them ends.
set -euo pipefail

ip=$1 service_network=$2 pod_network=$3
keys=/etc/kubernetes
scripts=$(dirname "$(readlink -f "$0")")
shift 3
logs=/var/log/kubernetes
mkdir -p $logs
source "$scripts/run-programs.sh"

for route; do ip route replace "${route%=*}" via "${route#*=}"; done

# Nothing of it outlives the run, so nothing waits for a disk.
program etcd --data-dir /var/lib/etcd --unsafe-no-fsync --quota-backend-bytes $((256 << 20)) \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --log-level warn

# Privileged pods are refused by Pod Security, which says so in words of its own.
program kube-apiserver --etcd-servers http://127.0.0.1:2379 \
  --advertise-address "$ip" --secure-port 6443 \
  --tls-cert-file $keys/apiserver.crt --tls-private-key-file $keys/apiserver.key \
  --client-ca-file $keys/ca.crt --authentication-config "$scripts/authentication.yaml" \
  --kubelet-client-certificate $keys/kubelet-client.crt --kubelet-client-key $keys/kubelet-client.key \
  --kubelet-certificate-authority $keys/ca.crt --kubelet-preferred-address-types InternalIP \
  --service-account-issuer https://kubernetes.default.svc.cluster.local \
  --service-account-signing-key-file $keys/service-accounts.key \
  --service-account-key-file $keys/service-accounts.pub \
  --service-cluster-ip-range "$service_network" \
  --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction,DenyServiceExternalIPs \
  --admission-control-config-file "$scripts/admission.yaml" --allow-privileged \
  --default-not-ready-toleration-seconds 5 --default-unreachable-toleration-seconds 5 \
  --profiling=false

# What starts before the API server answers only spends its time on asking again, less and less often.
await_api_server https://127.0.0.1:6443 $keys/ca.crt

program kube-controller-manager --kubeconfig $keys/controller-manager.kubeconfig --bind-address 127.0.0.1 \
  --leader-elect=false --root-ca-file $keys/ca.crt \
  --service-account-private-key-file $keys/service-accounts.key \
  --cluster-cidr "$pod_network" --allocate-node-cidrs=false --service-cluster-ip-range "$service_network" \
  --kube-api-qps 1000 --kube-api-burst 1000 \
  --node-monitor-period 1s --node-monitor-grace-period 10s --node-eviction-rate 10 \
  --horizontal-pod-autoscaler-sync-period 2s --profiling=false

program kube-scheduler --kubeconfig $keys/scheduler.kubeconfig --bind-address 127.0.0.1 --leader-elect=false \
  --kube-api-qps 1000 --kube-api-burst 1000 --profiling=false

wait_for_programs
