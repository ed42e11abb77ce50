# What every scenario shares: a network of its own, the daemon under test, and a few things to expect of both.
#
# A scenario is a bash file in scenarios/ that `run` executes as a process of its own. It sources this file, and everything
# it starts or creates (namespaces, daemon, clients, machines, files) is gone when it ends, however it ends.
#
#   namespace $SERVER_NS                       namespace $CLIENT_NS
#     lan 10.77.0.1/24  ---------- veth ----------  eth0   (a DHCP client, or a bridge port with a machine's tap beside it)

set -euo pipefail

readonly HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly JBOOTD=${JBOOTD:-$HERE/../jbootd}
readonly SERVER_ADDRESS=10.77.0.1
readonly POOL_START=10.77.0.100
readonly POOL_COUNT=20

# Ends the scenario as skipped; the reason is the last line that it prints.
skip() {
    echo "$*"
    exit 77
}

# Skips the scenario where a program that it is about is missing.
needs() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || skip "$tool is not installed (.ci/run names the packages)"
    done
}

[ "$(id -u)" = 0 ] || skip "needs root, for network namespaces"
needs ip nft setsid

readonly SERVER_NS=jbootd-s$$
readonly CLIENT_NS=jbootd-c$$
readonly WORK=$(mktemp -d "${TMPDIR:-/tmp}/jbootd-real.XXXXXX")
readonly ROOT=$WORK/tftp
readonly DATA=$WORK/data
readonly INI=$WORK/jbootd.ini
readonly LOG=$WORK/jbootd.log
readonly EVENTS=$WORK/events

interface=eth0 # where the client's namespace asks for addresses
daemon=
children=()
namespaces=()

# --- ends ---------------------------------------------------------------------------------------------------------------

say() { printf '%s  %s\n' "$(date +%T.%1N)" "$*"; }

# Ends the scenario as failed, showing what the daemon and the machine said last.
fail() {
    say "FAILED: $*"
    show "$LOG" 40
    show "$WORK/serial" 25
    exit 1
}

show() {
    [ -s "$1" ] || return 0
    echo "--- last lines of ${1##*/}"
    tail -n "$2" "$1" | tr -d '\000\r' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g'
}

# Everything goes, and the first failure's status stays.
leave() {
    local status=$? child
    trap - EXIT
    set +e
    for child in "${children[@]}" $daemon; do
        kill -KILL -- "-$child" 2>/dev/null
    done
    wait 2>/dev/null
    for ns in "${namespaces[@]}"; do
        ip netns list | grep -q "^$ns\b" && ip netns del "$ns"
        rm -rf "/etc/netns/$ns"
    done
    if [ -n "${KEEP:-}" ]; then echo "kept: $WORK"; else rm -rf "$WORK"; fi
    exit "$status"
}
trap leave EXIT
trap 'exit 143' TERM INT HUP

# --- the network --------------------------------------------------------------------------------------------------------

on_server() { ip netns exec "$SERVER_NS" "$@"; }
on_client() { ip netns exec "$CLIENT_NS" "$@"; }

# Starts a command in a process group of its own, which dies with the scenario; its group is left in $started.
spawn() {
    setsid "$@" &
    started=$!
    children+=("$started")
}

# A namespace named $1, which goes when the scenario does.
more_namespace() {
    namespaces+=("$1")
    ip netns add "$1"
    ip -n "$1" link set lo up
    # a client's script must not be able to reach the host's resolver settings
    mkdir -p "/etc/netns/$1"
    : >"/etc/netns/$1/resolv.conf"
}

# The two namespaces and the wire between them; the client's end has the MAC address $1 and no IP address.
network() {
    more_namespace "$SERVER_NS"
    more_namespace "$CLIENT_NS"
    ip link add lan netns "$SERVER_NS" type veth peer name eth0 netns "$CLIENT_NS"
    ip -n "$SERVER_NS" addr add "$SERVER_ADDRESS/24" dev lan
    ip -n "$SERVER_NS" link set lan up
    ip -n "$CLIENT_NS" link set eth0 address "$1"
    ip -n "$CLIENT_NS" link set eth0 up
    mkdir -p "$ROOT" "$DATA"
    : >"$EVENTS"
}

# Loses $1 of 100 frames in each direction, whatever they carry and whichever socket they are for.
lose() {
    local ns port
    for ns in "$SERVER_NS:lan" "$CLIENT_NS:eth0"; do
        port=${ns#*:}
        ip netns exec "${ns%:*}" nft -f - <<NFT
table netdev loss {
    chain arriving {
        type filter hook ingress device "$port" priority 0;
        numgen random mod 100 < $1 counter drop
    }
}
NFT
    done
}

# How many frames were lost so far in both directions.
lost() {
    local ns sum=0 n
    for ns in "$SERVER_NS" "$CLIENT_NS"; do
        n=$(ip netns exec "$ns" nft list table netdev loss | sed -n 's/.*packets \([0-9]*\) .*/\1/p')
        sum=$((sum + n))
    done
    echo "$sum"
}

# --- the daemon ---------------------------------------------------------------------------------------------------------

# Writes the daemon's settings.
settings() {
    cat >"$INI" <<INI
[logger]
type = stderr
level = debug

[bootp]
pool_start = $POOL_START
pool_count = $POOL_COUNT
lease_time = ${LEASE_TIME:-600}
allow_simple_dhcp = ${SIMPLE_DHCP:-on}
${ACCESS:+access = $ACCESS}
dns = $SERVER_ADDRESS

[bootfile]
default = pxelinux.0
bios = pxelinux.0
uefi-x64 = boot/grub/x86_64-efi/core.efi

[tftp]
root = ${ROOT_URL:-$ROOT}
timeout = ${TFTP_TIMEOUT:-1}

[leases]
data_dir = $DATA
INI
}

# Starts the daemon on the settings and waits until it says that it is ready.
start() {
    local from
    : >>"$LOG"
    from=$(wc -l <"$LOG")
    setsid ip netns exec "$SERVER_NS" "$JBOOTD" -c "$INI" >>"$LOG" 2>&1 &
    daemon=$!
    within 60 says_ready "$from" || fail "the daemon was not ready within 60 s"
}

says_ready() {
    kill -0 "$daemon" 2>/dev/null || fail "the daemon ended before it was ready"
    tail -n "+$(($1 + 1))" "$LOG" | grep -qi '\bready\b'
}

# Has the daemon read its settings again, and waits until it took them over.
reload() {
    local from
    from=$(wc -l <"$LOG")
    kill -HUP "$daemon"
    within 20 logged_since "$from" 'configuration was taken over' || fail "the settings were not taken over within 20 s"
}
logged_since() { tail -n "+$(($1 + 1))" "$LOG" | grep -qi -- "$2"; }

# Kills the daemon with no chance to tidy up, as a crash would.
crash() {
    kill -KILL -- "-$daemon"
    wait "$daemon" 2>/dev/null || true
    daemon=
    say "daemon killed"
}

# Asks the daemon to end and expects it to do so, successfully and soon.
stop() {
    local status=0
    kill -TERM "$daemon"
    within 20 ended "$daemon" || fail "the daemon still runs 20 s after SIGTERM"
    wait "$daemon" || status=$?
    daemon=
    [ "$status" = 0 ] || fail "the daemon's exit status after SIGTERM is $status"
}

ended() { ! kill -0 "$1" 2>/dev/null; }

# --- waiting and expecting ----------------------------------------------------------------------------------------------

# within SECONDS COMMAND...: whether the command succeeds before the time is over.
within() {
    local until=$((SECONDS + $1))
    shift
    while ! "$@"; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.1
    done
}

same() { [ "$2" = "$3" ] || fail "$1: expected $2, was $3"; }

in_pool() {
    case $1 in
        10.77.0.1[01][0-9]) ;;
        *) fail "'$1' is not an address of the pool" ;;
    esac
}

# --- DHCP clients -------------------------------------------------------------------------------------------------------

# The script which clients call with what happened: it appends "EVENT ADDRESS HOST-NAME" to the events and configures the interface.
hook() {
    cat >"$WORK/hook" <<HOOK
#!/bin/sh
# dhclient and dhcpcd say \$reason and \$new_ip_address, udhcpc says \$1 and \$ip
event=\${reason:-\$1} address=\${new_ip_address:-\${ip:-none}} name=\${new_host_name:-\${hostname:-none}}
case \$event in
    BOUND|REBOOT|RENEW|REBIND|bound|renew)
        ip addr replace "\$address/24" dev "\$interface"
        for gateway in \$router \$new_routers; do ip route replace default via "\$gateway" dev "\$interface"; done
        ;;
    PREINIT|EXPIRE|RELEASE|STOP|deconfig) ip -4 addr flush dev "\$interface" ;;
esac
echo "\$event \$address \$name" >>"$EVENTS"
HOOK
    chmod +x "$WORK/hook"
    echo "$WORK/hook"
}

# Waits until a client's script was told one of the events $2 (a pattern), within $1 seconds, since the last `forget`;
# the address then is left in $address, the host name in $name.
await() {
    within "$1" told "$2" || {
        echo "--- events: $(tr '\n' ';' <"$EVENTS")"
        fail "no event '$2' within $1 s"
    }
    read -r _ address name < <(grep -E "^($2) " "$EVENTS" | tail -n 1)
}
told() { grep -qE "^($1) " "$EVENTS"; }
forget() { : >"$EVENTS"; }

# Lets another machine with the MAC address $1 have a lease first, so that an address kept is not simply the next one free.
occupy() {
    local mine status=0 address
    mine=$(on_client cat "/sys/class/net/$interface/address")
    ip -n "$CLIENT_NS" link set "$interface" address "$1"
    forget
    on_client udhcpc -i "$interface" -s "$(hook)" -n -q -t 5 -T 2 || status=$?
    [ "$status" = 0 ] || fail "another machine ($1) got no address"
    await 1 bound
    ip -n "$CLIENT_NS" -4 addr flush dev "$interface"
    ip -n "$CLIENT_NS" link set "$interface" address "$mine"
    forget
}

# The client's interface has an address, which is left in $address: for clients that call no script.
has_address() {
    address=$(ip -n "$CLIENT_NS" -4 -o addr show dev "$interface" scope global | sed -n 's/.* inet \([0-9.]*\)\/.*/\1/p')
    [ -n "$address" ]
}

# acked MAC ADDRESS COUNT: the daemon has acknowledged it so many times.
acked() { [ "$(grep -ic "REQUEST from ${1//:/-} .*ACK $2" "$LOG")" -ge "$3" ]; }

# The daemon's log has a line with the client's MAC address and this pattern.
logged() { grep -i -- "${2//:/[:-]}" "$LOG" | grep -qiE -- "$1"; }
