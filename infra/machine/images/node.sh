#!/bin/sh
# As in the real image there are a user `node` (1000) and an entry point that hands scripts and flags to node.
set -eu
. "$(dirname "$0")/version.sh"
chroot "$1" groupadd --gid 1000 node
chroot "$1" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
install -m 755 "$(dirname "$0")/node/docker-entrypoint.sh" "$1/usr/local/bin/docker-entrypoint.sh"
chroot "$1" node --print 'process.versions.node' | tr -d '\n' > "$1/.drydock-version"
