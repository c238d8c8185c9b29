# Builds the base images from Debian's packages and leaves them in /opt/docker-base as a prepared engine folder.
# At boot only the engine's notes about them are copied; the files stay where they are.
source "$recipe/provision/apt.sh"

base=/opt/docker-base
engine_root=/var/lib/docker
definitions="$recipe/images/catalogue.json"

# An engine with no network of its own and out of reach of anybody else's.
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

# The Debian that all images but busybox are made of: made once, copied for each. Keeps its package lists for that.
make_debian_root() {
  local options=()
  while read -r line; do options+=("--dpkgopt=$line"); done < "$recipe/provision/slim.dpkg.cfg"
  if [ -n "${DRYDOCK_APT_PROXY:-}" ]; then
    options+=("--aptopt=Acquire::http::Proxy \"$DRYDOCK_APT_PROXY\"")
  fi
  mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --format=directory "${options[@]}" \
    trixie "$scratch/root" "$scratch/sources/debian.sources"
  debian_sources http://deb.debian.org/debian http://deb.debian.org/debian-security > "$scratch/public.sources"
}

# make_root NAME PACKAGE...: the folder $scratch/NAME, from the packages and finished by images/NAME.sh.
make_root() {
  local root=$scratch/$1
  cp -a "$scratch/root" "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  install -m 755 /dev/stdin "$root/usr/sbin/policy-rc.d" <<< $'#!/bin/sh\nexit 101'
  mount -t proc proc "$root/proc"
  env -u APT_CONFIG chroot "$root" apt-get install -y --no-install-recommends "${@:2}"
  umount "$root/proc"
  rm "$root/usr/sbin/policy-rc.d"
  "$recipe/images/finish.sh" "$root" "$scratch/public.sources"
  "$recipe/images/$1.sh" "$root"
}

# of NAME FILTER: lines of what the catalogue's definition says of an image; $v is its version.
of() {
  jq -r --arg n "$1" --arg v "${version:-}" ".images[] | select(.name == \$n) | $2" "$definitions"
}

import_image() {
  local name=$1 version packages changes tags
  mapfile -t packages < <(of "$name" '.packages[]')
  make_root "$name" "${packages[@]}"
  version=$(< "$scratch/$name/.drydock-version")
  rm "$scratch/$name/.drydock-version"
  mapfile -t changes < <(of "$name" '.config[] | gsub("@VERSION@"; $v) | "--change", .')
  mapfile -t tags < <(of "$name" '.tags + [$v] | unique[]')
  tar -C "$scratch/$name" --one-file-system --numeric-owner --xattrs -c . |
    docker import "${changes[@]}" - "$name:${tags[0]}"
  for tag in "${tags[@]:1}"; do docker tag "$name:${tags[0]}" "$name:$tag"; done
  rm -rf --one-file-system "${scratch:?}/$name"
  jq -n --arg n "$name" --arg v "$version" --args '{name: $n, version: $v, tags: $ARGS.positional}' "${tags[@]}" \
    >> "$scratch/catalogue.jsonl"
}

mkdir -p /opt/drydock
progress 0.02 "Making the Debian that the base images share"
make_debian_root
start_engine
mapfile -t names < <(jq -r '.images[].name' "$definitions")
for i in "${!names[@]}"; do
  progress "$(jq -n --argjson i "$i" --argjson n "${#names[@]}" '0.3 + 0.6 * $i / $n')" \
    "Making the base image ${names[$i]}"
  import_image "${names[$i]}"
done
stop_engine

progress 0.92 "Keeping the base images for every boot"
mkdir -p "$base"
cp -a "$engine_root/image" "$engine_root/overlay2" "$base/"
find "$engine_root" -mindepth 1 -delete
jq -s '{images: .}' "$scratch/catalogue.jsonl" > /opt/drydock/catalogue.json
progress 1 "Base images ready"
