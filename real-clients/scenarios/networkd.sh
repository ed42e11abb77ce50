# systemd-networkd: obtains, renews, keeps its address through a crash of the daemon, releases. It runs with a configuration, a
# run directory and a network of its own, without the system's bus and device manager.
. "$(dirname "$0")/../lib.sh"
needs udhcpc
NETWORKD=/lib/systemd/systemd-networkd
[ -x $NETWORKD ] || skip "systemd-networkd is not installed (.ci/run names the packages)"
MAC=52:54:00:0b:14:01
LEASE_TIME=20 # it renews at half of it and cannot be asked to do so earlier without the bus

network $MAC
settings
start
occupy 52:54:00:0b:14:ff

mkdir "$WORK/networkd"
cat >"$WORK/networkd/client.network" <<'CONF'
[Match]
Name=eth0
[Network]
DHCP=ipv4
LinkLocalAddressing=no
[DHCPv4]
ClientIdentifier=mac
CONF

# with /sys read-only it does not wait for a device manager; what is mounted is gone with it
client() {
    spawn env SYSTEMD_LOG_TARGET=console ip netns exec "$CLIENT_NS" sh -ec "
        mount --bind '$WORK/networkd' /etc/systemd/network
        mount -t tmpfs tmpfs /run
        mount -o remount,ro /sys
        exec $NETWORKD" >>"$WORK/networkd.log" 2>&1
}

client
within 30 has_address || fail "no address; $(tail -n 5 "$WORK/networkd.log")"
in_pool "$address"
first=$address
say "obtained $first"
within 30 acked $MAC "$first" 2 || fail "it did not renew"
has_address && same "renewed address" "$first" "$address"
say "renewed $first"

crash
kill -KILL -- "-$started" # it forgets its address
wait "$started" 2>/dev/null || true
ip -n "$CLIENT_NS" -4 addr flush dev eth0
start
client
within 30 has_address || fail "no address after the crash; $(tail -n 5 "$WORK/networkd.log")"
same "address after the crash" "$first" "$address"

kill -TERM "$started"
within 10 logged 'release' $MAC || fail "the daemon did not notice the release"
stop
say "$first obtained, renewed, kept through a crash, released"
