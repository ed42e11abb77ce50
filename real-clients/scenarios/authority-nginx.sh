# nginx as the authority of [http]: who it grants gets an address and a host name, nobody else, over http and https, and
# nobody when it hangs, is gone or shows a certificate of somebody else; whom [mac] lists never notices.
. "$(dirname "$0")/../lib.sh"
. "$HERE/nginx.sh"
needs udhcpc dhclient tftp
ANNA=52:54:00:0b:20:01 # granted by her MAC address, in both phases
BERT=52:54:00:0b:20:02 # granted by his UUID, which only firmware tells
CARL=52:54:00:0b:20:03 # denied
DORA=52:54:00:0b:20:04 # [mac] lists her
UUID=ADE8A7C0-5BD1-11E0-80E3-0800200C9A66
UUID_ON_THE_WIRE=00c0a7e8add15be01180e30800200c9a66
ACCESS="mac, http"

network $ANNA
certificates
web_server "
    map \$arg_mac \$name {
        default '';
        52-54-00-0B-20-01 anna;
    }
    map \$name\$arg_uuid \$granted {
        default '';
        ~^anna anna;
        $UUID bert;
    }
    server {
        listen $SERVER_ADDRESS:80;
        listen $SERVER_ADDRESS:443 ssl;
        ssl_certificate $NGINX/server.pem;
        ssl_certificate_key $NGINX/server.key;
        location ~ ^/(boot|linux)\$ {
            if (\$granted = '') { return 401; }
            return 200 'Client: \$granted\nFile: \$granted.cfg\nand nothing else\n';
        }
    }"
for name in anna bert; do echo "menu of $name" >"$ROOT/$name.cfg"; done

# authority LOCATION [LINE]: the settings, with the authority there and one more line about it.
authority() {
    settings
    cat >>"$INI" <<INI

[mac]
$DORA = on

[http]
location = $1
pxe = boot
dhcp = linux
timeout = 2
${2:-}

[filters]
menu = {filename}
INI
}

# become MAC: the client is that machine, and has no address.
become() {
    ip -n "$CLIENT_NS" -4 addr flush dev eth0
    ip -n "$CLIENT_NS" link set eth0 address "$1"
    forget
    from=$(wc -l <"$LOG")
}

# ask TRIES UDHCPC-OPTIONS...: whether the client gets an address.
ask() { on_client udhcpc -i eth0 -s "$(hook)" -n -q -t "$1" -T 1 "${@:2}"; }
as_firmware() { echo "-V PXEClient:Arch:00000:UNDI:002001 -x 0x61:$1"; }

# gets NAME MAC: the machine gets an address, and that host name.
gets() {
    become "$2"
    ask 8 || fail "$2 got no address"
    await 1 bound
    in_pool "$address"
    same "host name of $2" "$1" "$name"
}

# nothing MAC REASON: the machine gets nothing, and the log says so with the reason.
nothing() {
    become "$1"
    if ask 3; then fail "$1 got $(tail -n 1 "$EVENTS")"; fi
    within 5 logged_since "$from" "${1//:/-}.*$2" || fail "the daemon does not say '$2' of $1"
}

# lost HOW: nobody who needs the authority gets in, and who does not need it does.
lost() {
    nothing $ANNA NO_VERDICT
    gets none $DORA
    say "authority $1: nobody gets in but whom [mac] lists"
}

authority "http://$SERVER_ADDRESS"
start
gets anna $ANNA
first=$address
[ "$(on_client tftp -4 -m octet $SERVER_ADDRESS -c get menu "$WORK/menu" && cat "$WORK/menu")" = "menu of anna" ] ||
    fail "{filename} is not the file that the authority named"
nothing $CARL DENIED
gets none $DORA
same "questions about whom [mac] lists" 0 "$(requests 0B-20-04)"
say "granted, denied, listed"

# shellcheck disable=SC2046 # options are words
{
    become $BERT
    ask 8 $(as_firmware $UUID_ON_THE_WIRE) || fail "firmware with a granted UUID got no address"
    become $CARL
    if ask 3 $(as_firmware 00$(printf '%032d' 7)); then fail "firmware with another UUID got an address"; fi
}
gets bert $BERT # its operating system tells no UUID; the daemon knows it
say "the UUID counts, in both phases"

become $ANNA
printf 'timeout 15;\nsend host-name "self";\nrequest subnet-mask, host-name;\n' >"$WORK/dhclient.conf"
on_client timeout 30 dhclient -4 -1 -sf "$(hook)" -lf "$WORK/dhclient.leases" -pf "$WORK/dhclient.pid" \
    -cf "$WORK/dhclient.conf" -nw eth0
await 20 'BOUND|REBOOT'
same "address for dhclient" "$first" "$address"
same "host name for dhclient" anna "$name"
kill "$(cat "$WORK/dhclient.pid")"

web_hung
lost hung
web_goes_on
gets anna $ANNA
same "address after the authority hung" "$first" "$address"
web_killed
lost gone
web_on
gets anna $ANNA
same "address after the authority was gone" "$first" "$address"
nothing $CARL DENIED

authority "https://$SERVER_ADDRESS" "ca = $NGINX/ours.pem"
reload
gets anna $ANNA
nothing $CARL DENIED
[ "$(requests '^200 https ')" -gt 0 ] || fail "nobody was granted over https"
[ "$(requests '^401 https ')" -gt 0 ] || fail "nobody was denied over https"
say "https with our own certification authority"
authority "https://$SERVER_ADDRESS" "ca = $NGINX/other.pem"
reload
before=$(wc -l <"$ACCESS_LOG")
lost "with a certificate of somebody else"
same "questions to an authority with another certificate" "$before" "$(wc -l <"$ACCESS_LOG")"
authority "https://$SERVER_ADDRESS" "ca = $NGINX/ours.pem"
reload
gets anna $ANNA

# every question as docs/configuration.md has it, and each of the kinds that there are
mac='mac=52-54-00-0B-20-0[123]'
uuid='uuid=[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}'
odd=$(grep -vcE "^(200|401|499) https? GET /(boot\?$mac(&$uuid)?|linux\?$mac(&$uuid)?(&ip=10\.77\.0\.1[01][0-9])?) HTTP/1.1 -\$" \
    "$ACCESS_LOG" || true)
same "questions of another form" 0 "$odd"
for kind in "200 http GET /linux\?mac=52-54-00-0B-20-01" "200 http GET /boot\?mac=52-54-00-0B-20-02&uuid=$UUID " \
    "200 http GET /linux\?mac=52-54-00-0B-20-02&uuid=$UUID" "401 http GET /boot\?mac=52-54-00-0B-20-03&uuid=" "401 http GET /linux\?mac=52-54-00-0B-20-03"; do
    [ "$(requests "^$kind")" -gt 0 ] || fail "no question '$kind'"
done

stop
say "granted by MAC and UUID, denied, hung, gone, back, https, another certificate: $(wc -l <"$ACCESS_LOG") questions"
