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

# build_root NAME PACKAGES: a tar on stdout, made from packages and finished by images/NAME.sh.
build_root() {
  local options=()
  while read -r line; do options+=("--dpkgopt=$line"); done < "$recipe/provision/slim.dpkg.cfg"
  if [ -n "${DRYDOCK_APT_PROXY:-}" ]; then
    options+=("--aptopt=Acquire::http::Proxy \"$DRYDOCK_APT_PROXY\"")
  fi
  debian_sources "$mirror" "$security_mirror" > "$scratch/build.sources"
  debian_sources http://deb.debian.org/debian http://deb.debian.org/debian-security > "$scratch/public.sources"
  # shellcheck disable=SC2016
  mmdebstrap --quiet --variant=minbase --include="$2" "${options[@]}" \
    --customize-hook="$recipe/images/finish.sh "'"$1"'" $scratch/public.sources" \
    --customize-hook="$recipe/images/$1.sh "'"$1"' \
    trixie - "$scratch/build.sources"
}

import_image() {
  local name=$1 packages version changes=() tags
  packages=$(jq -r --arg n "$name" '.images[] | select(.name == $n) | .packages | join(",")' "$definitions")
  build_root "$name" "$packages" > "$scratch/$name.tar"
  version=$(tar -xOf "$scratch/$name.tar" ./.drydock-version)
  # A Debian revision is not part of the version that a student would write.
  mapfile -t changes < <(jq -r --arg n "$name" --arg v "$version" \
    '.images[] | select(.name == $n) | .config[] | gsub("@VERSION@"; $v) | "--change", .' "$definitions")
  tar --delete -f "$scratch/$name.tar" ./.drydock-version
  mapfile -t tags < <(jq -r --arg n "$name" --arg v "$version" \
    '.images[] | select(.name == $n) | .tags + [$v] | unique[]' "$definitions")
  docker import "${changes[@]}" "$scratch/$name.tar" "$name:${tags[0]}"
  for tag in "${tags[@]:1}"; do docker tag "$name:${tags[0]}" "$name:$tag"; done
  rm "$scratch/$name.tar"
  jq -n --arg n "$name" --arg v "$version" --args '{name: $n, version: $v, tags: $ARGS.positional}' "${tags[@]}" \
    >> "$scratch/catalogue.jsonl"
}

mkdir -p /opt/drydock
start_engine
mapfile -t names < <(jq -r '.images[].name' "$definitions")
for i in "${!names[@]}"; do
  progress "$(jq -n --argjson i "$i" --argjson n "${#names[@]}" '0.05 + 0.85 * $i / $n')" \
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
