# NetworkManager with its own DHCP client: obtains, renews, keeps its address through a crash of the daemon. It runs with a
# configuration, a bus, a run directory and a network of its own.
. "$(dirname "$0")/../lib.sh"
needs udhcpc NetworkManager nmcli dbus-daemon
MAC=52:54:00:0b:15:01
LEASE_TIME=20 # it renews at half of it

network $MAC
settings
start
occupy 52:54:00:0b:15:ff

BUS=unix:path=$WORK/bus
mkdir -p "$WORK"/nm/{conf.d,connections,state}
cat >"$WORK/bus.conf" <<CONF
<busconfig>
  <type>system</type>
  <listen>$BUS</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
cat >"$WORK/nm/NetworkManager.conf" <<CONF
[main]
plugins=keyfile
dhcp=internal
dns=none
rc-manager=unmanaged
auth-polkit=false
no-auto-default=*
[keyfile]
path=$WORK/nm/connections
CONF
cat >"$WORK/nm/connections/client.nmconnection" <<'CONF'
[connection]
id=client
type=ethernet
interface-name=eth0
[ipv4]
method=auto
[ipv6]
method=disabled
CONF
chmod 600 "$WORK/nm/connections/client.nmconnection"

# with /sys read-only it does not wait for a device manager; what is mounted is gone with it
client() {
    spawn env DBUS_SYSTEM_BUS_ADDRESS="$BUS" ip netns exec "$CLIENT_NS" sh -ec "
        mount -t tmpfs tmpfs /run
        mount --bind '$WORK/nm/state' /var/lib/NetworkManager
        mount -o remount,ro /sys
        exec NetworkManager --no-daemon --config='$WORK/nm/NetworkManager.conf' --config-dir='$WORK/nm/conf.d' \
            --system-config-dir='$WORK/nm/conf.d' --state-file='$WORK/nm/state/state' --pid-file='$WORK/nm/pid'" \
        >>"$WORK/nm.log" 2>&1
}

spawn dbus-daemon --config-file="$WORK/bus.conf" --nofork --nopidfile >"$WORK/bus.log" 2>&1
within 10 test -S "$WORK/bus" || fail "the bus did not start: $(cat "$WORK/bus.log")"

client
within 40 has_address || fail "no address; $(tail -n 8 "$WORK/nm.log")"
in_pool "$address"
first=$address
say "obtained $first"
within 30 acked $MAC "$first" 2 || fail "it did not renew"
has_address && same "renewed address" "$first" "$address"
say "renewed $first"

crash
kill -KILL -- "-$started"
wait "$started" 2>/dev/null || true
ip -n "$CLIENT_NS" -4 addr flush dev eth0
rm -rf "$WORK"/nm/state/* # it forgets its address
start
client
within 40 has_address || fail "no address after the crash; $(tail -n 8 "$WORK/nm.log")"
same "address after the crash" "$first" "$address"
stop
say "$first obtained, renewed, kept through a crash"
