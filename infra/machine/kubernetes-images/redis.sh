#!/bin/sh
# As in the real image: user redis (999), data in /data, and a server that other containers reach without a password.
set -eu
. "$(dirname "$0")/../images/version.sh"
chroot "$1" groupmod --gid 999 redis
chroot "$1" usermod --uid 999 --gid 999 --home /data redis
install -d -o 999 -g 999 "$1/data"
rm -rf "$1/var/lib/redis" "$1/var/log/redis" "$1/etc/redis"
install -m 755 "$(dirname "$0")/redis/docker-entrypoint.sh" "$1/usr/local/bin/docker-entrypoint.sh"
package_version "$1" redis-server > "$1/.drydock-version"
