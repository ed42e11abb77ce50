# dhcpcd, whose client identifier is an IAID and a DUID: obtains, renews, keeps its address through a crash, releases.
. "$(dirname "$0")/../lib.sh"
needs udhcpc dhcpcd nsenter
MAC=52:54:00:0b:03:01

network $MAC
settings
start
occupy 52:54:00:0b:03:ff

# dhcpcd keeps its state in fixed places: within its own view of the file system these are empty directories of ours
mkdir "$WORK/run" "$WORK/lib"
cat >"$WORK/dhcpcd.conf" <<CONF
duid
option broadcast_address, routers, domain_name_servers
CONF
client() {
    forget
    spawn ip netns exec "$CLIENT_NS" sh -ec '
        mkdir -p /run/dhcpcd /var/lib/dhcpcd
        mount --bind "$1/run" /run/dhcpcd
        mount --bind "$1/lib" /var/lib/dhcpcd
        shift
        exec dhcpcd "$@"' sh "$WORK" -4 -B -d -f "$WORK/dhcpcd.conf" -c "$(hook)" eth0
}
# Asks the running dhcpcd something, from within its namespaces and nowhere else.
ask() {
    [ "$(ip netns identify "$started")" = "$CLIENT_NS" ] || fail "dhcpcd is not in its namespace"
    nsenter --target "$started" --mount --net dhcpcd -4 -f "$WORK/dhcpcd.conf" -c "$(hook)" "$@" eth0
}

client
await 40 BOUND
in_pool "$address"
first=$address
say "obtained $first"

forget
ask -N
await 20 'RENEW|BOUND|REBIND'
same "renewed address" "$first" "$address"
say "renewed $address"

crash
kill -KILL -- "-$started"
rm -f "$WORK"/run/* "$WORK"/lib/*.lease # it forgets its address, not its DUID
start
client
await 40 BOUND
same "address after the crash" "$first" "$address"
say "obtained $address again after the crash"

forget
ask -k || true # it waits for the one that it ends
await 20 'RELEASE|STOP|STOPPED'
within 5 logged 'release' $MAC || fail "the daemon did not notice the release"
say "released"

stop
say "$first obtained, renewed, kept through a crash, released"
