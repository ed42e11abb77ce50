# A host on two networks with a pool on one: who asks on the other gets nothing, and costs nothing.
. "$(dirname "$0")/../lib.sh"
needs udhcpc ss
MAC=52:54:00:0b:05:01
STRANGER=52:54:00:0b:05:02

network $MAC
ip link add other netns "$SERVER_NS" type veth peer name eth1 netns "$CLIENT_NS"
ip -n "$SERVER_NS" addr add 10.78.0.1/24 dev other
ip -n "$SERVER_NS" link set other up
ip -n "$CLIENT_NS" link set eth1 address $STRANGER
ip -n "$CLIENT_NS" link set eth1 up
settings
start

status=0
on_client udhcpc -i eth1 -s "$(hook)" -n -q -t 4 -T 1 || status=$?
[ "$status" != 0 ] || fail "a client of the other network got $(tail -n 1 "$EVENTS")"
if logged . $STRANGER; then
    fail "the daemon looked at a request of the other network"
fi

forget
spawn ip netns exec "$CLIENT_NS" udhcpc -q -f -i eth1 -s "$(hook)" -t 100 -T 1
occupy $MAC
say "the other network asks all the time; $(on_server ss -Hlun 'sport = 67' | awk '{print $4}' | tr '\n' ' ')listens"

stop
say "the pool's network is served, the other one is silent"
