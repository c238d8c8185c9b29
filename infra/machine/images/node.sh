#!/bin/sh
# As in the real image there are npm of its own release, a user `node` (1000) and an entry point that hands scripts and
# flags to node. Debian's npm would bring 365 packages that every program could then import without installing them.
set -eu
. "$(dirname "$0")/node/npm-release.sh"
here=$(dirname "$0")/node
chroot "$1" groupadd --gid 1000 node
chroot "$1" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
install -m 755 "$here/docker-entrypoint.sh" "$1/usr/local/bin/docker-entrypoint.sh"

# Put there by whoever builds, with an npm of their own and so from its registry.
archive=$here/npm-$npm_version.tgz
if [ ! -f "$archive" ]; then
  echo "images/node/npm-$npm_version.tgz is missing: run \`npm pack npm@$npm_version\` in images/node." >&2
  exit 1
fi
echo "$npm_sha512  $archive" | sha512sum --check --quiet
mkdir -p "$1/usr/local/lib/node_modules/npm"
tar -xzf "$archive" -C "$1/usr/local/lib/node_modules/npm" --strip-components 1 --no-same-owner
rm -rf "$1/usr/local/lib/node_modules/npm/docs" "$1/usr/local/lib/node_modules/npm/man"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$1/usr/local/bin/npx"
chmod 755 "$1"/usr/local/lib/node_modules/npm/bin/*.js

chroot "$1" node --print 'process.versions.node' | tr -d '\n' > "$1/.drydock-version"
