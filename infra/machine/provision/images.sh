# Sourced by the steps that make images, after apt.sh: from Debian's packages into an engine's folder, whose notes and
# files are then kept in /opt/docker-base. At boot only the notes are copied; the files stay where they are.
source "$recipe/boot/base-images.sh"

# Runs an engine with no network of its own and out of reach of anybody else's.
start_engine() {
  unshare --net dockerd --data-root "$engine_root" --bridge none --iptables=false --ip6tables=false \
    --storage-driver overlay2 --host "unix://$scratch/docker.sock" --exec-root "$scratch/exec" \
    --pidfile "$scratch/docker.pid" > "$scratch/dockerd.log" 2>&1 &
  engine=$!
  export DOCKER_HOST="unix://$scratch/docker.sock"
  until docker version > "$scratch/docker-version" 2>&1; do
    if ! kill -0 "$engine"; then
      cat "$scratch/dockerd.log" >&2
      echo "The engine that prepares the base images did not start." >&2
      exit 1
    fi
    sleep 0.1
  done
}

stop_engine() {
  kill "$engine"
  wait "$engine" || true
}

# keep_images: what the stopped engine has that is not kept yet.
keep_images() {
  local diff id
  mkdir -p "$base/overlay2"
  for diff in "$engine_root"/overlay2/*/diff; do
    [ -L "$diff" ] && continue
    id=$(basename "${diff%/diff}")
    cp -a "$engine_root/overlay2/$id" "$base/overlay2/"
  done
  cp -a "$engine_root/overlay2/l" "$base/overlay2/"
  rm -rf "$base/image"
  cp -a "$engine_root/image" "$base/"
  find "$engine_root" -mindepth 1 -delete
}

# The Debian that all images but busybox are made of: made once, copied for each. Keeps its package lists for that.
make_debian_root() {
  local options=()
  while read -r line; do options+=("--dpkgopt=$line"); done < "$recipe/provision/slim.dpkg.cfg"
  if [ -n "${DRYDOCK_APT_PROXY:-}" ]; then
    options+=("--aptopt=Acquire::http::Proxy \"$DRYDOCK_APT_PROXY\"")
  fi
  mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --format=directory "${options[@]}" \
    trixie "$scratch/root" "${sources[@]}"
}

# make_root FOLDER NAME PACKAGE...: $scratch/NAME, from the packages and finished by FOLDER/NAME.sh.
make_root() {
  local folder=$1 name=$2 root=$scratch/$2
  cp -a "$scratch/root" "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  install -m 755 /dev/stdin "$root/usr/sbin/policy-rc.d" <<< $'#!/bin/sh\nexit 101'
  mount -t proc proc "$root/proc"
  env -u APT_CONFIG chroot "$root" apt-get install -y --no-install-recommends "${@:3}"
  umount "$root/proc"
  rm "$root/usr/sbin/policy-rc.d"
  forget_place "$root"
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/log/*
  rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/machine-id"
  "$recipe/$folder/$name.sh" "$root"
}

# import_root NAME IMAGE [CHANGE...]: the folder $scratch/NAME becomes the engine's IMAGE and goes.
import_root() {
  local change changes=()
  for change in "${@:3}"; do changes+=(--change "$change"); done
  tar -C "$scratch/$1" --one-file-system --numeric-owner --xattrs -c . | docker import "${changes[@]}" - "$2"
  rm -rf --one-file-system "${scratch:?}/$1"
}

# make_catalogue FOLDER FROM TO: the images of FOLDER/catalogue.json, while progress goes from FROM to TO; a line of
# $scratch/catalogue.jsonl each.
make_catalogue() {
  local i names
  mapfile -t names < <(jq -r '.images[].name' "$recipe/$1/catalogue.json")
  for i in "${!names[@]}"; do
    progress "$(jq -n "$2 + ($3 - $2) * $i / ${#names[@]}")" "Making the base image ${names[$i]}"
    make_catalogue_image "$1" "${names[$i]}"
  done
}

make_catalogue_image() {
  local folder=$1 name=$2 version packages changes tags tag
  mapfile -t packages < <(of "$folder" "$name" '.packages[]')
  make_root "$folder" "$name" "${packages[@]}"
  version=$(< "$scratch/$name/.drydock-version")
  rm "$scratch/$name/.drydock-version"
  mapfile -t changes < <(of "$folder" "$name" '.config[] | gsub("@VERSION@"; $v)')
  mapfile -t tags < <(of "$folder" "$name" '.tags + [$v] | unique[]')
  import_root "$name" "$name:${tags[0]}" "${changes[@]}"
  for tag in "${tags[@]:1}"; do docker tag "$name:${tags[0]}" "$name:$tag"; done
  jq -n --arg n "$name" --arg v "$version" --args '{name: $n, version: $v, tags: $ARGS.positional}' "${tags[@]}" \
    >> "$scratch/catalogue.jsonl"
}

# of FOLDER NAME FILTER: lines of what the catalogue's definition says of an image; $v is its version.
of() {
  jq -r --arg n "$2" --arg v "${version:-}" ".images[] | select(.name == \$n) | $3" "$recipe/$1/catalogue.json"
}
