#!/usr/bin/env bash
# The one recipe of the grading machine. It runs as root inside a Debian trixie root: in a container while
# infra/machine/ensure-image.ts builds the local image, or on an EC2 instance that Packer bakes into an AMI
# (copy this folder to /opt/drydock/recipe, then run `provision.sh all`).
#
#   provision.sh packages    engine, Node.js and tools
#   provision.sh catalogue   base images that submissions may build FROM, kept where the boot script finds them
#   provision.sh boot        boot script and engine configuration
#   provision.sh all         the three, in this order
#
# Environment, all optional:
#   DRYDOCK_DEBIAN_MIRROR            default http://deb.debian.org/debian
#   DRYDOCK_DEBIAN_SECURITY_MIRROR   default http://deb.debian.org/debian-security
#   DRYDOCK_APT_PROXY                default none
# They are used while building only; what is built points at the public archive.
#
# Prints "##drydock <fraction> <what is being done>" as it goes.
set -euo pipefail

recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

case "${1:-}" in
  packages | catalogue | boot)
    # shellcheck disable=SC1090
    source "$recipe/provision/$1.sh"
    ;;
  all)
    for step in packages catalogue boot; do "$recipe/provision.sh" "$step"; done
    ;;
  *)
    echo "provision.sh: say which step: packages, catalogue, boot or all" >&2
    exit 2
    ;;
esac
