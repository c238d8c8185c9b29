# Sourced by boot.sh. A machine that calls Drydock by TCP has a network, and this closes it.

# close_uplink USER_DATA: fails when the way out could not be closed; the machine must not go on then.
close_uplink() {
  local address
  address=$(jq -er .agentAddress "$1") || return
  case $address in
    unix:*) [ -z "$(ip route show default)" ] ;;
    # An instance, whose subnet is closed from the outside.
    https://*) ;;
    http://*) close_way_to "$address" ;;
    *) return 1 ;;
  esac
}

# close_way_to http://HOST:PORT: leaves the machine's own processes a way to this address and port and nothing else
# a way out, in or through. Two locks: without routes everything else is refused at once, as in a machine without a
# network; and rules in the table mangle, which the engine inside never writes to, come before all of its own.
close_way_to() {
  local port ip route link via
  [[ $1 =~ ^http://([^:/]+):([0-9]+) ]] || return
  port=${BASH_REMATCH[2]}
  ip=$(getent ahostsv4 "${BASH_REMATCH[1]}" | awk 'NR == 1 {print $1}') && [ -n "$ip" ] || return
  route=$(ip -json route get "$ip") || return
  link=$(jq -er '.[0].dev' <<< "$route") || return
  via=$(jq -r '.[0].gateway // empty' <<< "$route") || return
  keep_engine_off "$ip" "$via"
  set_rules "$link" "$ip" "$port" && keep_one_route "$link" "$ip" "$via" &&
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

# set_rules LINK IP PORT
set_rules() {
  # 127.0.0.11 is the outer engine's name server, which asks the world on behalf of whoever asks it.
  iptables-restore <<RULES || return
*mangle
-A PREROUTING -i $1 -p tcp -s $2 --sport $3 -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A PREROUTING -i $1 -j DROP
-A FORWARD -o $1 -j DROP
-A OUTPUT -d 127.0.0.11 -j DROP
-A POSTROUTING -o $1 -p tcp -d $2 --dport $3 -j ACCEPT
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
  ip route flush dev "$1" || return
  if [ -z "$3" ]; then
    ip route add "$2" dev "$1" scope link
  else
    ip route add "$3" dev "$1" scope link && ip route add "$2" via "$3" dev "$1"
  fi
}
