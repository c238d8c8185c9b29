#!/bin/sh
# As in the real image both `python` and `python3` are there, and pip installs into the image itself.
set -eu
. "$(dirname "$0")/version.sh"
ln -s python3 "$1/usr/bin/python"
rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED
package_version "$1" python3 > "$1/.drydock-version"
