# What a run's Kubernetes is made of, beside its programs, which are in /opt/kubernetes/bin already: the image of its
# nodes, the images that every cluster needs, more base images, and the store of them that every node starts with.
source "$recipe/provision/apt.sh"
source "$recipe/provision/images.sh"

kubernetes=/opt/kubernetes

# import_programs NAME CHANGE PROGRAM...: the engine's image drydock/NAME that holds these files and nothing else.
import_programs() {
  local program
  for program in "${@:3}"; do install -D -m 755 "$program" "$scratch/$1/$(basename "$program")"; done
  import_root "$1" "drydock/$1:latest" "$2"
}

progress 0.02 "Making the Debian of the nodes"
make_debian_root
lay_base_images
start_engine
progress 0.35 "Making the image of the nodes"
make_root kubernetes-images node \
  iproute2 iptables nftables runc containernetworking-plugins mount kmod ethtool conntrack procps curl openssl \
  ca-certificates tini
import_root node drydock/node:latest 'CMD ["bash"]'
# Takes the place of the program pause: ends what nobody waits for any more, and does nothing.
import_programs pause 'ENTRYPOINT ["/tini-static", "--", "/busybox", "sleep", "infinity"]' \
  /usr/bin/tini-static /usr/bin/busybox
import_programs coredns 'ENTRYPOINT ["/coredns"]' "$kubernetes/bin/coredns"
rm "$kubernetes/bin/coredns"
make_catalogue kubernetes-images 0.65 0.85
stop_engine

progress 0.9 "Keeping the images for every boot"
keep_images
jq -s '{images: (.[0].images + .[1:])}' /opt/drydock/catalogue.json "$scratch/catalogue.jsonl" > "$scratch/catalogue.json"
install -m 644 "$scratch/catalogue.json" /opt/drydock/catalogue.json
"$recipe/kubernetes/prepare.sh"
progress 1 "Kubernetes ready"
