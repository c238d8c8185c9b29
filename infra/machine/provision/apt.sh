# Sourced by the steps that download packages. Points apt at the mirror of the place that builds, where one is given,
# through a configuration of its own, so that nothing of that place but the mirror's name stays behind.

scratch=$(mktemp -d /var/tmp/drydock-provision.XXXXXX)
trap 'rm -rf --one-file-system "$scratch"' EXIT

progress() { echo "##drydock $1 ${*:2}"; }

# deb822 sources of trixie at the mirrors given.
debian_sources() {
  cat <<SOURCES
Types: deb
URIs: $DRYDOCK_DEBIAN_MIRROR
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  [ -n "${DRYDOCK_DEBIAN_SECURITY_MIRROR:-}" ] || return 0
  cat <<SOURCES

Types: deb
URIs: $DRYDOCK_DEBIAN_SECURITY_MIRROR
Suites: trixie-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
}

# forget_place ROOT: of where a root was made only the mirrors' addresses are left.
forget_place() {
  rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
  find "$1/etc/apt" -type f \( -name '*.list' -o -name '*.sources' \) \
    -exec sed -Ei 's#(https?://)[^/@[:space:]]*@#\1#g' {} +
}

# For mmdebstrap: the sources, or nothing and so its own.
sources=()
cat > "$scratch/apt.conf" <<CONF
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
CONF
if [ -n "${DRYDOCK_DEBIAN_MIRROR:-}" ]; then
  mkdir "$scratch/sources"
  debian_sources > "$scratch/sources/debian.sources"
  sources=("$scratch/sources/debian.sources")
  cat >> "$scratch/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$scratch/sources";
CONF
fi
if [ -n "${DRYDOCK_APT_PROXY:-}" ]; then
  echo "Acquire::http::Proxy \"$DRYDOCK_APT_PROXY\";" >> "$scratch/apt.conf"
fi
export APT_CONFIG="$scratch/apt.conf"
