# allow_simple_dhcp = off: a machine that never asked for network boot gets nothing, and is told nothing.
. "$(dirname "$0")/../lib.sh"
needs udhcpc
MAC=52:54:00:0b:04:01
SIMPLE_DHCP=off

network $MAC
settings
start
status=0
on_client udhcpc -i eth0 -s "$(hook)" -n -q -t 4 -T 1 || status=$?
[ "$status" != 0 ] || fail "a plain client got $(tail -n 1 "$EVENTS")"
within 5 logged . $MAC || fail "the daemon does not say why $MAC gets nothing"

stop
say "a plain client got nothing"
