#!/bin/sh
# The version of Debian itself, such as 13.2.
set -eu
cp "$1/etc/debian_version" "$1/.drydock-version"
