#!/bin/sh
# Like the real image: nothing but one static binary under all its names, the folders and the users.
set -eu
root=$1
. "$(dirname "$0")/version.sh"
version=$(package_version "$root" busybox-static)
kept=$(mktemp -d)
cp "$root/usr/bin/busybox" "$kept/busybox"
find "$root" -xdev -mindepth 1 -maxdepth 1 ! -name dev ! -name proc ! -name sys -exec rm -rf {} +
mkdir -p "$root/bin" "$root/etc" "$root/home" "$root/root" "$root/tmp" "$root/usr" "$root/var/spool/mail" "$root/var/www"
ln -s ../bin "$root/usr/bin"
mkdir -p "$root/usr/sbin"
chmod 1777 "$root/tmp"
chmod 700 "$root/root"
mv "$kept/busybox" "$root/bin/busybox"
rmdir "$kept"
"$root/bin/busybox" --list | while read -r applet; do
  [ "$applet" = busybox ] || ln "$root/bin/busybox" "$root/bin/$applet"
done
cat > "$root/etc/passwd" <<PASSWD
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
PASSWD
cat > "$root/etc/group" <<GROUP
root:x:0:
daemon:x:1:
www-data:x:33:
nobody:x:65534:
GROUP
printf '%s' "$version" > "$root/.drydock-version"
