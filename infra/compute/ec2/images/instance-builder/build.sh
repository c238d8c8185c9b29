# Makes an instance of Debian's cloud image into a machine, by the steps of the recipe, as a builder's container does for
# the docker provider. It is the end of the user data of a builder: the lines before it set
#   archive_address  a link to what is unpacked at /: the recipe, and the programs that its steps need
#   archive_sha256   of that
#   steps            of provision.sh, in their order
#   minutes          after which the builder powers off, whatever happens
# What it says on the console is read from outside (read-console.ts). On any end the instance powers off, which stops it.
set -euo pipefail

# The timer first; then as a service of its own, when cloud-init is done, whose notes are removed below.
if [ "${1:-}" != now ]; then
  systemd-run --unit drydock-builder-timer --on-active "${minutes}m" systemctl poweroff --force
  install -D -m 700 "$0" /run/drydock-builder/build.sh
  exec systemd-run --unit drydock-builder --no-block /bin/bash /run/drydock-builder/build.sh now
fi

# Other places are for tests.
root=${root:-}
work=${work:-/run/drydock-builder}
console=${console:-/dev/console}
log=$work/log

say() { echo "drydock-builder: $*" >> "$console"; }

finish() {
  local status=$?
  if [ "$status" = 0 ]; then
    say "done"
  else
    tail -n 40 "$log" | while IFS= read -r line; do say "log: ${line:0:400}"; done
    say "failed $status"
  fi
  # While it runs, its console can be read at once.
  sleep 20
  systemctl poweroff
}
: > "$log"
trap finish EXIT

# quietly COMMAND...: into the log; the recipe's own marks go to the console too.
quietly() {
  "$@" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >> "$log"
    case $line in '##drydock '*) say "$line" ;; esac
  done
}

# Python is what cloud-init itself is made of; Debian's image need not have curl.
fetch() {
  python3 - "$archive_address" "$1" << 'PYTHON'
import shutil, sys, time, urllib.request

for attempt in range(5):
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file:
            shutil.copyfileobj(answer, file)
        break
    except OSError as error:
        # Not the address, which is a secret while it is good.
        print(f"The archive did not come: {error}", flush=True)
        if attempt == 4:
            sys.exit(1)
        time.sleep(5)
PYTHON
}

say "step start"
# It says 2 where it only warns.
quietly cloud-init status --wait || echo "cloud-init ended with warnings" >> "$log"

say "step fetch"
archive=$root/var/tmp/drydock-builder.tar.gz
quietly fetch "$archive"
quietly sha256sum --check <<< "$archive_sha256  $archive"
quietly tar -xzf "$archive" -C "$root/" --no-same-owner
rm "$archive"

for step in $steps; do
  say "step $step"
  quietly "$root"/opt/drydock/recipe/provision.sh "$step"
done

say "step clean"
"$root"/opt/drydock/boot/versions.sh | while IFS= read -r line; do say "version: $line"; done
# A machine is called by nobody, and every machine would have the same keys.
quietly systemctl mask ssh.service ssh.socket
rm -f "$root"/etc/ssh/ssh_host_* "$root"/root/.ssh/authorized_keys "$root"/home/*/.ssh/authorized_keys
# With this builder's user data.
quietly cloud-init clean --logs
rm -rf "$root"/var/log/journal/* "$root"/var/lib/apt/lists/*
sync
