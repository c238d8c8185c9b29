#!/bin/bash
# Sees to it that the machine's user data are at FILE: `user-data.sh FILE`. A local machine was given the file; an
# instance asks the metadata service, by a session of version 2. Fails when there are none that a machine can live by.
set -uo pipefail

file=$1
metadata=${metadata:-http://169.254.169.254}
# Seconds. An instance's network may come up after its boot script.
patience=${patience:-60}

[ -e "$file" ] && exit

uptime() {
  local seconds
  read -r seconds _ < /proc/uptime
  echo "${seconds%%.*}"
}

# ask METHOD PATH HEADER: the answer's body at $file.new, its status as output.
ask() {
  curl --silent --noproxy '*' --max-time 2 --max-filesize 65536 --output "$file.new" --write-out '%{http_code}' \
    --request "$1" --header "$3" "$metadata/latest/$2"
}

say() { echo "drydock: $*"; }

umask 077
began=$(uptime)
for (( ; ; )); do
  status=$(ask PUT api/token 'X-aws-ec2-metadata-token-ttl-seconds: 60')
  if [ "$status" = 200 ]; then
    status=$(ask GET user-data "X-aws-ec2-metadata-token: $(< "$file.new")")
    case $status in
      200)
        # Of nothing at all jq says nothing, and whether that is a failure depends on its version.
        if [ "$(jq '[.token, .leaseUntil] | all(type == "string" and length > 0)' "$file.new" 2> /dev/null)" = true ]; then
          mv "$file.new" "$file"
          exit
        fi
        say "the user data hold no token or no lease"
        exit 1
        ;;
      # Whoever was launched without never gets any.
      404)
        say "there are no user data"
        exit 1
        ;;
    esac
  fi
  if [ $(($(uptime) - began)) -ge "$patience" ]; then
    say "the metadata service gave no user data in $patience s; its last status was $status"
    exit 1
  fi
  sleep 0.5
done
