#!/bin/sh
# A flag or a configuration file is for redis-server, which does not run as root here. Without a word of the
# configuration on it, other containers may connect: the real image is compiled so.
set -e
case "${1:-}" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec setpriv --reuid redis --regid redis --clear-groups -- "$0" "$@"
  fi
  if [ ! -f "${2:-}" ] || ! grep -q '^[[:space:]]*protected-mode' "$2"; then
    set -- "$@" --protected-mode no
  fi
fi
exec "$@"
