#!/bin/sh
# finish.sh ROOT SOURCES: what every base image gets once its packages are in. Points apt at the public archive, drops what the
# building left, and keeps apt-get working for those who have a network.
set -eu
root=$1
rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
cp "$2" "$root/etc/apt/sources.list.d/debian.sources"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old "$root"/var/log/*
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/machine-id"
