# Sourced by boot.sh. A local machine was given its agent; an instance is told the agent's sum and fetches it.

# bring_agent USER_DATA FILE: fails when there is no agent that may be run.
bring_agent() {
  local sum
  sum=$(jq -r '.agentSha256 // empty' "$1") || return
  if [ -z "$sum" ]; then
    [ -e "$2" ] || echo "drydock: the user data name no agent, and there is none"
    [ -e "$2" ]
    return
  fi
  has_sum "$sum" "$2" && return
  fetch_agent "$1" "$2.new" || return
  if ! has_sum "$sum" "$2.new"; then
    rm -f "$2.new"
    echo "drydock: the agent that came is not the one that was launched for"
    return 1
  fi
  mv "$2.new" "$2"
}

# has_sum SHA256 FILE
has_sum() { [ -e "$2" ] && sha256sum --check --status <<< "$1  $2"; }

# fetch_agent USER_DATA FILE: tries for as long as the machine lives, since the gateway may be away for minutes.
fetch_agent() {
  local address pause=0.2 trust=()
  address=$(jq -er .agentAddress "$1") || return
  [[ $address =~ ^https?:// ]] || return
  if jq -er '.gatewayCa // empty' "$1" > "$2.ca"; then trust=(--cacert "$2.ca"); fi
  until curl --silent --show-error --fail --compressed --noproxy '*' --proto '=http,https' --connect-timeout 5 \
    --max-time 120 --max-filesize 67108864 "${trust[@]}" --output "$2" "${address%/}/agent/program"; do
    sleep "$pause"
    pause=3
  done
}
