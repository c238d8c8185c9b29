#!/bin/bash
# certificates.sh FOLDER CONTROL_PLANE_IP SERVICE_IP NODE_IP...: the keys of one cluster, made anew for each.
#
#   FOLDER/control-plane/   for the container of the control plane
#   FOLDER/node-1/ ...      for each node's container
#   FOLDER/*.crt, *.key     ca, admin and student, for the agent
#
# The authority's own key is removed in the end: nobody can make another identity.
set -euo pipefail
umask 077

folder=$1 control_plane_ip=$2 service_ip=$3
shift 3
nodes=("$@")
server=https://$control_plane_ip:6443

mkdir -p "$folder/control-plane"
cd "$folder"

new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# sign NAME SUBJECT [SUBJECT_ALT_NAME]: NAME.key and NAME.crt.
sign() {
  local usage=clientAuth
  [ -n "${3:-}" ] && usage=serverAuth
  new_key "$1.key"
  openssl req -x509 -new -key "$1.key" -out "$1.crt" -days 7 -CA ca.crt -CAkey ca.key -subj "$2" -config <(
    printf '%s\n' '[req]' distinguished_name=dn x509_extensions=ext '[dn]' '[ext]' basicConstraints=CA:FALSE \
      "extendedKeyUsage=$usage" ${3:+"subjectAltName=$3"}
  )
}

# kubeconfig NAME: NAME.kubeconfig from NAME.crt and NAME.key, which it replaces.
kubeconfig() {
  cat > "$1.kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
clusters:
  - name: drydock
    cluster: {server: "$server", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
  - name: me
    user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
  - name: drydock
    context: {cluster: drydock, user: me}
current-context: drydock
CONFIG
  rm "$1.crt" "$1.key"
}

control_plane() {
  local at=control-plane names=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc
  sign $at/apiserver /CN=kube-apiserver \
    "$names,DNS:kubernetes.default.svc.cluster.local,IP:$control_plane_ip,IP:$service_ip,IP:127.0.0.1"
  sign $at/kubelet-client /O=system:masters/CN=kube-apiserver
  # As members of system:masters they need not wait for the roles that the API server makes after its start.
  sign $at/controller-manager /O=system:masters/CN=system:kube-controller-manager
  kubeconfig $at/controller-manager
  sign $at/scheduler /O=system:masters/CN=system:kube-scheduler
  kubeconfig $at/scheduler
  new_key $at/service-accounts.key
  openssl pkey -in $at/service-accounts.key -pubout -out $at/service-accounts.pub
  cp ca.crt $at/
}

# node NAME IP
node() {
  mkdir -p "$1"
  sign "$1/serving" "/O=system:nodes/CN=system:node:$1" "DNS:$1,IP:$2"
  sign "$1/kubelet" "/O=system:nodes/CN=system:node:$1"
  kubeconfig "$1/kubelet"
  sign "$1/kube-proxy" /CN=system:kube-proxy
  kubeconfig "$1/kube-proxy"
  cp ca.crt "$1/"
}

new_key ca.key
openssl req -x509 -new -key ca.key -out ca.crt -days 7 -subj /CN=drydock-cluster -config <(
  printf '%s\n' '[req]' distinguished_name=dn x509_extensions=ext '[dn]' '[ext]' basicConstraints=critical,CA:TRUE \
    keyUsage=critical,keyCertSign,cRLSign
)
steps=()
control_plane & steps+=($!)
for i in "${!nodes[@]}"; do
  node "node-$((i + 1))" "${nodes[$i]}" & steps+=($!)
done
sign admin /O=system:masters/CN=drydock & steps+=($!)
sign student /O=drydock:students/CN=student & steps+=($!)
for step in "${steps[@]}"; do wait "$step"; done
rm ca.key
