# Sourced by engine.sh at boot, and by the recipe.

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
