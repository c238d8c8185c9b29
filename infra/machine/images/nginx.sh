#!/bin/sh
# As in the real image: user nginx (101), site in /usr/share/nginx/html, conf.d/default.conf, logs to the engine.
set -eu
. "$(dirname "$0")/version.sh"
here=$(dirname "$0")/nginx
chroot "$1" groupadd --system --gid 101 nginx
chroot "$1" useradd --system --uid 101 --gid nginx --home-dir /nonexistent --no-create-home --shell /bin/false nginx
rm -rf "$1/etc/nginx/sites-enabled" "$1/etc/nginx/sites-available" "$1/etc/nginx/modules-enabled"
install -m 644 "$here/nginx.conf" "$1/etc/nginx/nginx.conf"
install -d "$1/etc/nginx/conf.d" "$1/usr/share/nginx/html"
install -m 644 "$here/default.conf" "$1/etc/nginx/conf.d/default.conf"
install -m 644 "$here/index.html" "$1/usr/share/nginx/html/index.html"
install -d "$1/var/log/nginx"
ln -s /dev/stdout "$1/var/log/nginx/access.log"
ln -s /dev/stderr "$1/var/log/nginx/error.log"
package_version "$1" nginx > "$1/.drydock-version"
