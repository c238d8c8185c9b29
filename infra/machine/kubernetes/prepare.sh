#!/bin/bash
# Makes /opt/kubernetes/store, the image store that every node starts with, from the engine's prepared images. It runs
# once, when the machine's image is built, as root, with no network.
#
# Takes:  /opt/docker-base, the engine's folder with the images, each of one layer (provision/steps/catalogue.sh)
#         /opt/kubernetes/bin/containerd and ctr
# Leaves: /opt/kubernetes/store, to be copied to a node's /var/lib/containerd: notes about the images, and for the files
#         of each a link into /opt/docker-base, which must be at the same place in the node. A few hundred KB.
set -euo pipefail

base=/opt/docker-base
store=/opt/kubernetes/store
work=$(mktemp -d /var/tmp/drydock-store.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
ctr() { /opt/kubernetes/bin/ctr --address "$work/containerd.sock" --namespace k8s.io "$@"; }

start_containerd() {
  cat > "$work/config.toml" <<CONFIG
version = 3
root = "$work/root"
state = "$work/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$work/containerd.sock"
CONFIG
  /opt/kubernetes/bin/containerd --config "$work/config.toml" > "$work/containerd.log" 2>&1 &
  containerd=$!
  until ctr version > /dev/null 2>&1; do
    if ! kill -0 "$containerd"; then
      cat "$work/containerd.log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

sha256() { sha256sum "$1" | cut -d' ' -f1; }

# add_files DIFF_ID FOLDER: a snapshot whose files are FOLDER's.
add_files() {
  local snapshots=$work/root/io.containerd.snapshotter.v1.overlayfs/snapshots id
  if ctr snapshots info "sha256:$1" > /dev/null 2>&1; then return; fi
  ctr snapshots prepare "prepare-$1" > /dev/null
  ctr snapshots commit "sha256:$1" "prepare-$1"
  # They are numbered in the order of their making.
  id=$(ls "$snapshots" | sort -n | tail -1)
  rm -r "$snapshots/$id/fs"
  ln -s "$2" "$snapshots/$id/fs"
}

# add_image ID NAME...: an image of the engine, under these names.
add_image() {
  local id=$1 layout=$work/layout-$1 config layer diff_id manifest name
  config=$base/image/overlay2/imagedb/content/sha256/$id
  [ "$(jq '.rootfs.diff_ids | length' "$config")" = 1 ] || { echo "$2 has more than one layer." >&2; exit 1; }
  diff_id=$(jq -r '.rootfs.diff_ids[0] | ltrimstr("sha256:")' "$config")
  layer=$base/image/overlay2/layerdb/sha256/$diff_id
  add_files "$diff_id" "$base/overlay2/$(< "$layer/cache-id")/diff"
  mkdir -p "$layout/blobs/sha256"
  cp "$config" "$layout/blobs/sha256/$id"
  jq -cn --arg id "$id" --arg diff "$diff_id" --argjson size "$(stat -c %s "$config")" --argjson layer "$(< "$layer/size")" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:\($id)", size: $size},
    layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: "sha256:\($diff)", size: $layer}]
  }' > "$layout/manifest"
  manifest=$(sha256 "$layout/manifest")
  mv "$layout/manifest" "$layout/blobs/sha256/$manifest"
  for name in "${@:2}"; do
    jq -cn --arg digest "sha256:$manifest" --arg name "$name" \
      --argjson size "$(stat -c %s "$layout/blobs/sha256/$manifest")" '{
      mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: $size,
      annotations: {"io.containerd.image.name": $name}
    }'
  done | jq -cs '{schemaVersion: 2, manifests: .}' > "$layout/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
  tar -C "$layout" -c . | ctr images import --local --digests=false -
}

mkdir -p "$work/root" "$work/state"
start_containerd
# The nodes' own file system is no image for pods.
while read -r id names; do
  # shellcheck disable=SC2086
  add_image "$id" $names
done < <(jq -r '
  [.Repositories | to_entries[] | select(.key != "drydock/node") | .key as $repository | .value | to_entries[]
    | select(.key | contains("@") | not)
    | {id: (.value | ltrimstr("sha256:")),
       name: ("docker.io/" + (if $repository | contains("/") then "" else "library/" end) + .key)}]
  | group_by(.id)[] | [.[0].id, .[].name] | join(" ")' "$base/image/overlay2/repositories.json")
ctr images check
kill "$containerd"
wait "$containerd" || true

rm -rf "$store"
mkdir -p "$store"
cp -a "$work/root/io.containerd.content.v1.content" "$work/root/io.containerd.metadata.v1.bolt" \
  "$work/root/io.containerd.snapshotter.v1.overlayfs" "$store/"
du -sh "$store"
