# Machines of two further networks behind a relay: ISC's dhcrelay, which adds its information (option 82), and then dnsmasq's.
# Beside them the server's own network is served, and a machine of each network gets, renews and keeps what is its own.
. "$(dirname "$0")/../lib.sh"
needs udhcpc dhclient dhcrelay dnsmasq
MAC=52:54:00:0b:0e:01
FAR=52:54:00:0b:0e:02
LEASE_TIME=20 # dhclient renews at half of it and cannot be asked to do so earlier
RELAY_NS=jbootd-r$$
HALL_NS=jbootd-h$$

network $MAC
for ns in "$RELAY_NS" "$HALL_NS"; do
    more_namespace "$ns"
done
# the server's second interface leads to the relay, which is the router of the hall
ip link add uplink netns "$SERVER_NS" type veth peer name server netns "$RELAY_NS"
ip link add hall netns "$RELAY_NS" type veth peer name eth0 netns "$HALL_NS"
ip -n "$SERVER_NS" addr add 10.78.0.1/24 dev uplink
ip -n "$SERVER_NS" link set uplink up
ip -n "$SERVER_NS" route add 10.79.0.0/24 via 10.78.0.2
ip -n "$RELAY_NS" addr add 10.78.0.2/24 dev server
ip -n "$RELAY_NS" addr add 10.79.0.1/24 dev hall
ip -n "$RELAY_NS" link set server up
ip -n "$RELAY_NS" link set hall up
ip -n "$RELAY_NS" route add 10.77.0.0/24 via 10.78.0.1
ip netns exec "$RELAY_NS" sysctl -q net.ipv4.ip_forward=1
ip -n "$HALL_NS" link set eth0 address $FAR
ip -n "$HALL_NS" link set eth0 up

settings
sed -i '/^\[bootp]/a interface = lan, uplink' "$INI"
cat >>"$INI" <<INI
[subnet hall]
network = 10.79.0.0/24
pool_start = 10.79.0.50
pool_count = 20
gateway = 10.79.0.1
domain = hall.example.org
INI
start

# relay COMMAND...: relays until `unrelay`
relay() {
    spawn ip netns exec "$RELAY_NS" "$@"
    relay=$started
}
unrelay() {
    kill -KILL -- "-$relay"
    wait "$relay" 2>/dev/null || true
}

# The machine in the hall gets an address of the hall, and keeps it at the renewal that goes past the relay.
in_the_hall() {
    forget
    : >"$WORK/lease"
    spawn ip netns exec "$HALL_NS" dhclient -4 -d -v -cf /dev/null -lf "$WORK/lease" -pf "$WORK/pid" -sf "$(hook)" eth0
    await 60 BOUND
    case $address in
        10.79.0.[5-6][0-9]) ;;
        *) fail "'$address' is no address of the hall" ;;
    esac
    [ -z "${first:-}" ] || same "address through $1" "$first" "$address"
    first=$address
    await 60 RENEW
    same "renewed address" "$first" "$address"
    grep -q 'option domain-name "hall.example.org"' "$WORK/lease" || fail "the machine was not told its network's domain"
    grep -q "option dhcp-server-identifier $SERVER_ADDRESS" "$WORK/lease" || fail "the machine knows another server"
    kill -KILL -- "-$started"
    wait "$started" 2>/dev/null || true
    ip -n "$HALL_NS" -4 addr flush dev eth0
    say "through $1: $address, renewed past it"
}

relay dhcrelay -4 -d -a -iu server -id hall $SERVER_ADDRESS
in_the_hall "ISC dhcrelay with option 82"
unrelay

relay dnsmasq --no-daemon --conf-file=/dev/null --port=0 --no-hosts --no-resolv --pid-file= \
    --dhcp-relay=10.79.0.1,$SERVER_ADDRESS --interface=hall
in_the_hall "dnsmasq"
unrelay

forget
status=0
on_client udhcpc -i eth0 -s "$(hook)" -n -q -t 5 -T 2 || status=$?
[ "$status" = 0 ] || fail "the machine on the server's own network got no address"
await 1 bound
in_pool "$address"
say "the server's own network: $address"

# a relay of a network that the server does not know
ip -n "$RELAY_NS" addr replace 10.80.0.1/24 dev hall
ip -n "$RELAY_NS" addr del 10.79.0.1/24 dev hall
ip -n "$SERVER_NS" route add 10.80.0.0/24 via 10.78.0.2
relay dhcrelay -4 -d -a -iu server -id hall $SERVER_ADDRESS
forget
status=0
ip netns exec "$HALL_NS" udhcpc -i eth0 -s "$(hook)" -n -q -t 3 -T 1 || status=$?
[ "$status" != 0 ] || fail "a relay on a network that is not served brought $(tail -n 1 "$EVENTS")"
within 5 logged NO_SUBNET $FAR || fail "the log does not say why the machine got nothing"

stop
say "$first in the hall through both relays, $address beside the server, nothing through a stranger"
