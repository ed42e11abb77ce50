# A host that serves two networks on two interfaces: each machine gets an address, a router and a boot server of its own network.
. "$(dirname "$0")/../lib.sh"
needs udhcpc ss
MAC=52:54:00:0b:0f:01
OTHER=52:54:00:0b:0f:02

network $MAC
ip link add other netns "$SERVER_NS" type veth peer name eth1 netns "$CLIENT_NS"
ip -n "$SERVER_NS" addr add 10.78.0.1/24 dev other
ip -n "$SERVER_NS" link set other up
ip -n "$CLIENT_NS" link set eth1 address $OTHER
ip -n "$CLIENT_NS" link set eth1 up
settings
cat >>"$INI" <<INI
[subnet other]
network = 10.78.0.0/24
pool_start = 10.78.0.50
pool_count = 5
boot_file = other.0
INI
echo other >"$ROOT/other.0"
start

# asks INTERFACE ADDRESS-PATTERN SERVER BOOT-FILE
asks() {
    local status=0
    cat >"$WORK/told" <<'TOLD'
#!/bin/sh
[ "$1" != bound ] || echo "$ip $subnet $router $siaddr $serverid $boot_file"
TOLD
    chmod +x "$WORK/told"
    on_client udhcpc -i "$1" -s "$WORK/told" -O bootfile -n -q -t 5 -T 2 >"$WORK/heard" 2>/dev/null || status=$?
    [ "$status" = 0 ] || fail "the machine on $1 got no address"
    grep -qE "^$2 255.255.255.0 $3 $3 $3 $4\$" "$WORK/heard" || fail "the machine on $1 was told $(cat "$WORK/heard")"
    say "$1: $(cat "$WORK/heard")"
}

for again in 1 2; do
    asks eth0 '10\.77\.0\.1[01][0-9]' 10.77.0.1 pxelinux.0
    asks eth1 '10\.78\.0\.50' 10.78.0.1 other.0
    crash
    start
done

ip -n "$CLIENT_NS" addr add 10.78.0.200/24 dev eth1
needs curl
same "a file by the other network's address" other "$(on_client curl -s tftp://10.78.0.1/other.0)"
stop
say "each network has its own addresses, before and after a crash"
