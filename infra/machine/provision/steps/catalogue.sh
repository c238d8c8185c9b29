# Builds the base images that submissions may build FROM.
source "$recipe/provision/apt.sh"
source "$recipe/provision/images.sh"

mkdir -p /opt/drydock
progress 0.02 "Making the Debian that the base images share"
make_debian_root
start_engine
make_catalogue images 0.3 0.9
stop_engine

progress 0.92 "Keeping the base images for every boot"
keep_images
jq -s '{images: .}' "$scratch/catalogue.jsonl" > /opt/drydock/catalogue.json
progress 1 "Base images ready"
