# Sourced by boot.sh. A machine that calls Drydock by TCP has a network, and this closes it.

# close_uplink USER_DATA: fails when the way out could not be closed; the machine must not go on then.
close_uplink() {
  local address metadata
  address=$(jq -er .agentAddress "$1") || return
  metadata=$(jq -r '.metadataAddress // empty' "$1") || return
  metadata=${metadata#http://}
  case $address in
    unix:*) [ -z "$(ip route show default)" ] ;;
    # An instance, whose subnet is closed from the outside.
    https://*) keep_engine_off $(own_addresses) "$(ip_of "$address")" ;;
    http://*) close_way_to "$address" "$metadata" ;;
    *) return 1 ;;
  esac || return
  [ -z "$metadata" ] || keep_metadata "$metadata"
}

# A network in Amazon's cloud is at most as large as what keep_engine_off leaves to one.
own_addresses() { ip -json -4 address show scope global | jq -r '.[].addr_info[].local'; }

# ip_of SCHEME://HOST[:PORT][/…]: nothing where it has none now; it may have one later.
ip_of() {
  [[ $1 =~ ^https?://([^:/]+) ]] || return
  getent ahostsv4 "${BASH_REMATCH[1]}" | awk 'NR == 1 {print $1}'
}

# keep_metadata IP: from the containers of an instance, besides the hop limit of its metadata service. One on the host's
# network is told by its control group, where the kernel can; user data and notices are all that it would find.
keep_metadata() {
  iptables -t mangle -A FORWARD -d "$1" -j DROP || return
  if is_v2 && [ -d "$systemd" ]; then
    iptables -t mangle -A OUTPUT -d "$1" -m cgroup ! --path system.slice/drydock-machine.service -j DROP ||
      echo "drydock: containers on the host's network can ask the metadata service"
  fi
}

# close_way_to http://HOST:PORT METADATA_IP: leaves the machine's own processes a way to this address and port and, where
# there is one, to the metadata service, and nothing else a way out, in or through. Two locks: without routes everything
# else is refused at once, as in a machine without a network; and rules in the table mangle, which the engine inside
# never writes to, come before all of its own.
close_way_to() {
  local port ip route link via metadata_via=
  [[ $1 =~ ^http://[^:/]+:([0-9]+) ]] || return
  port=${BASH_REMATCH[1]}
  ip=$(ip_of "$1") && [ -n "$ip" ] || return
  route=$(ip -json route get "$ip") || return
  link=$(jq -er '.[0].dev' <<< "$route") || return
  via=$(jq -r '.[0].gateway // empty' <<< "$route") || return
  if [ -n "$2" ]; then
    metadata_via=$(ip -json route get "$2" | jq -r '.[0].gateway // empty') || return
  fi
  keep_engine_off "$ip" "$via" "$metadata_via"
  set_rules "$link" "$ip" "$port" "$2" && keep_one_route "$link" "$ip" "$via" &&
    { [ -z "$2" ] || add_route "$link" "$2" "$metadata_via"; } &&
    echo "nameserver 127.0.0.1" > /etc/resolv.conf
}

# keep_engine_off IP...: by itself the engine inside takes the same networks for its bridges as the one outside, and
# so could become the very address that leads out.
keep_engine_off() {
  local net
  for net in 10.213 10.214 10.215; do
    [[ " $*" == *" $net."* ]] || break
  done
  engine_options=(--bip "$net.0.1/24" --default-address-pool "base=$net.0.0/16,size=24")
}

# set_rules LINK IP PORT METADATA_IP
set_rules() {
  local answers= asks=
  if [ -n "$4" ]; then
    answers="-A PREROUTING -i $1 -p tcp -s $4 --sport 80 -m conntrack --ctstate ESTABLISHED -j ACCEPT"
    asks="-A POSTROUTING -o $1 -p tcp -d $4 --dport 80 -j ACCEPT"
  fi
  # 127.0.0.11 is the outer engine's name server, which asks the world on behalf of whoever asks it.
  iptables-restore <<RULES || return
*mangle
-A PREROUTING -i $1 -p tcp -s $2 --sport $3 -m conntrack --ctstate ESTABLISHED -j ACCEPT
$answers
-A PREROUTING -i $1 -j DROP
-A FORWARD -o $1 -j DROP
-A OUTPUT -d 127.0.0.11 -j DROP
-A POSTROUTING -o $1 -p tcp -d $2 --dport $3 -j ACCEPT
$asks
-A POSTROUTING -o $1 -j DROP
COMMIT
RULES
  # A kernel without IPv6 has nothing to close.
  [ -e /proc/net/if_inet6 ] || return 0
  ip6tables-restore <<RULES
*mangle
-A PREROUTING -i $1 -j DROP
-A POSTROUTING -o $1 -j DROP
COMMIT
RULES
}

# keep_one_route LINK IP [VIA]
keep_one_route() {
  ip route flush dev "$1" && add_route "$@"
}

# add_route LINK IP [VIA]
add_route() {
  if [ -z "$3" ]; then
    ip route add "$2" dev "$1" scope link
  else
    ip route replace "$3" dev "$1" scope link && ip route add "$2" via "$3" dev "$1"
  fi
}
