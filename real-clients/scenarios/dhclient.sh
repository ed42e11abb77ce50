# ISC dhclient: obtains, renews at its own time, keeps its address through a crash of the daemon, releases.
. "$(dirname "$0")/../lib.sh"
needs udhcpc dhclient
MAC=52:54:00:0b:02:01
LEASE_TIME=20 # dhclient renews at half of it and cannot be asked to do so earlier

network $MAC
settings
start
occupy 52:54:00:0b:02:ff

# dhclient with the lease file $1
client() {
    forget
    spawn ip netns exec "$CLIENT_NS" dhclient -4 -d -v -cf /dev/null -lf "$WORK/$1" -pf "$WORK/pid" -sf "$(hook)" eth0
}

: >"$WORK/lease"
client lease
await 60 BOUND
in_pool "$address"
first=$address
say "obtained $first"

await 60 RENEW
same "renewed address" "$first" "$address"
say "renewed $address"

crash
kill -KILL "$started"
start
client lease # it remembers: INIT-REBOOT
await 60 'BOUND|REBOOT'
same "address after the crash, remembered" "$first" "$address"

kill -KILL "$started"
: >"$WORK/fresh"
client fresh # it does not: INIT
await 60 BOUND
same "address after the crash, forgotten" "$first" "$address"
say "obtained $address again after the crash"

await 60 RENEW
same "address renewed after the crash" "$first" "$address"

on_client dhclient -4 -v -r -cf /dev/null -lf "$WORK/fresh" -pf "$WORK/pid" -sf "$(hook)" eth0
await 10 RELEASE
within 5 logged 'release' $MAC || fail "the daemon did not notice the release"
say "released"

stop
say "$first obtained, renewed, kept through a crash, released"
