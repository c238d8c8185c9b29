# Sourced by the image scripts. package_version ROOT PACKAGE: the upstream part of the Debian version.
package_version() {
  chroot "$1" dpkg-query -W -f '${source:Upstream-Version}' "$2"
}
