# BusyBox udhcpc: obtains, renews, keeps its address through a crash of the daemon, releases.
. "$(dirname "$0")/../lib.sh"
needs udhcpc
MAC=52:54:00:0b:01:01

network $MAC
settings
start
occupy 52:54:00:0b:01:ff

client() {
    forget
    spawn ip netns exec "$CLIENT_NS" udhcpc -f -i eth0 -s "$(hook)" -t 10 -T 2
}

client
await 30 bound
in_pool "$address"
first=$address
say "obtained $first"

forget
kill -USR1 "$started"
await 15 renew
same "renewed address" "$first" "$address"
say "renewed $address"

crash
kill -KILL "$started" # it forgets its address
start
client
await 30 bound
same "address after the crash" "$first" "$address"
say "obtained $address again after the crash"

forget
kill -USR1 "$started"
await 15 renew
same "address renewed after the crash" "$first" "$address"

forget
kill -USR2 "$started"
await 10 deconfig
within 5 logged 'release' $MAC || fail "the daemon did not notice the release"
say "released"

kill -KILL "$started"
occupy 52:54:00:0b:01:fe
client
await 30 bound
same "address after the release" "$first" "$address"

stop
say "$first obtained, renewed, kept through a crash, released, obtained again"
