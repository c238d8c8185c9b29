# Sourced by the steps that download packages. Points apt at the mirror of the place that builds, through a
# configuration of its own, so that nothing of that place stays behind in what is built.

mirror=${DRYDOCK_DEBIAN_MIRROR:-http://deb.debian.org/debian}
security_mirror=${DRYDOCK_DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
scratch=$(mktemp -d /var/tmp/drydock-provision.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT

progress() { echo "##drydock $1 ${*:2}"; }

# deb822 sources of trixie at the mirrors given.
debian_sources() {
  cat <<SOURCES
Types: deb
URIs: $1
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $2
Suites: trixie-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
}

mkdir "$scratch/sources"
debian_sources "$mirror" "$security_mirror" > "$scratch/sources/debian.sources"
cat > "$scratch/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$scratch/sources";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
CONF
if [ -n "${DRYDOCK_APT_PROXY:-}" ]; then
  echo "Acquire::http::Proxy \"$DRYDOCK_APT_PROXY\";" >> "$scratch/apt.conf"
fi
export APT_CONFIG="$scratch/apt.conf"
