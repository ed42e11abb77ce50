# With ping_check an address that somebody uses without a lease is not offered; it rests, after a crash of the daemon, too.
. "$(dirname "$0")/../lib.sh"
needs udhcpc
MAC=52:54:00:0b:10:01
SQUATTER_NS=jbootd-q$$

network $MAC
# a second machine on the same wire, by a bridge on the server's side
more_namespace "$SQUATTER_NS"
ip link add squatter netns "$SERVER_NS" type veth peer name eth0 netns "$SQUATTER_NS"
ip -n "$SERVER_NS" addr flush dev lan
ip -n "$SERVER_NS" link set lan name cable
ip -n "$SERVER_NS" link add lan type bridge
ip -n "$SERVER_NS" link set cable master lan
ip -n "$SERVER_NS" link set squatter master lan
for link in cable squatter lan; do
    ip -n "$SERVER_NS" link set dev $link up
done
ip -n "$SERVER_NS" addr add $SERVER_ADDRESS/24 dev lan
ip -n "$SQUATTER_NS" addr add $POOL_START/24 dev eth0
ip -n "$SQUATTER_NS" link set eth0 up

settings
sed -i '/^\[bootp]/a ping_check = on' "$INI"
start

obtain() {
    local status=0
    forget
    on_client udhcpc -i eth0 -s "$(hook)" -n -q -t 8 -T 2 || status=$?
    [ "$status" = 0 ] || fail "the machine got no address"
    await 1 bound
    in_pool "$address"
    ip -n "$CLIENT_NS" -4 addr flush dev eth0
}

obtain
[ "$address" != $POOL_START ] || fail "$address is in use, and was offered all the same"
first=$address
say "$POOL_START is in use, $first was given"

crash
start
obtain
same "address after the crash" "$first" "$address"
ip -n "$CLIENT_NS" link set eth0 address 52:54:00:0b:10:02
obtain
[ "$address" != $POOL_START ] && [ "$address" != "$first" ] || fail "another machine was given $address"

stop
say "$POOL_START rests, $first and $address are given"
