# The daemon as a proxy beside foreign DHCP servers, which live in a namespace of their own on the same wire.

needs dhcpd dnsmasq
readonly FOREIGN_NS=jbootd-f$$
readonly FOREIGN_ADDRESS=10.77.0.4
foreign=

# Puts a foreign server's namespace on the bridge of machine_network.
foreign_network() {
    more_namespace "$FOREIGN_NS"
    ip link add foreign netns "$FOREIGN_NS" type veth peer name foreign netns "$CLIENT_NS"
    ip -n "$FOREIGN_NS" addr add "$FOREIGN_ADDRESS/24" dev foreign
    ip -n "$FOREIGN_NS" link set foreign up
    ip -n "$CLIENT_NS" link set foreign master lan
    ip -n "$CLIENT_NS" link set foreign up
}

# The daemon's settings: no pool, no leases.
proxy_settings() {
    cat >"$INI" <<INI
[logger]
type = stderr
level = debug

[bootp]
proxy = on

[bootfile]
bios = pxelinux.0
uefi-x64 = boot/grub/x86_64-efi/core.efi

[tftp]
root = $ROOT
timeout = 1
INI
}

# Adds a boot menu, whose first item is booted after a second.
proxy_menu() {
    cat >>"$INI" <<INI
[menu]
prompt = Press F8 to choose
timeout = 1
1 = The installed system's kernel
0 = Local disk
INI
}

# ISC's server, which knows nothing of booting. Both write their log to $WORK/foreign.
foreign_isc() {
    cat >"$WORK/dhcpd.conf" <<CONF
authoritative;
default-lease-time 600;
subnet 10.77.0.0 netmask 255.255.255.0 {
    range $POOL_START 10.77.0.119;
    option routers $FOREIGN_ADDRESS;
}
CONF
    : >"$WORK/dhcpd.leases"
    spawn ip netns exec "$FOREIGN_NS" dhcpd -4 -f -d -cf "$WORK/dhcpd.conf" -lf "$WORK/dhcpd.leases" \
        -pf "$WORK/dhcpd.pid" foreign >"$WORK/foreign" 2>&1
    foreign=$started
    within 20 foreign_listens || fail "ISC dhcpd did not start: $(tail -n 3 "$WORK/foreign")"
}

foreign_dnsmasq() {
    spawn ip netns exec "$FOREIGN_NS" dnsmasq --no-daemon --conf-file=/dev/null --port=0 --no-hosts --no-resolv \
        --pid-file= --log-dhcp --dhcp-authoritative --dhcp-leasefile="$WORK/dnsmasq.leases" \
        --dhcp-range=$POOL_START,10.77.0.119,255.255.255.0,600 --dhcp-option=3,$FOREIGN_ADDRESS --interface=foreign \
        >"$WORK/foreign" 2>&1
    foreign=$started
    within 20 foreign_listens || fail "dnsmasq did not start: $(tail -n 3 "$WORK/foreign")"
}

foreign_listens() {
    if ended "$foreign"; then fail "the foreign server ended: $(tail -n 3 "$WORK/foreign")"; fi
    ip netns exec "$FOREIGN_NS" ss -lun | grep -q ':67 '
}

foreign_off() {
    kill -KILL -- "-$foreign"
    wait "$foreign" 2>/dev/null || true
}

# A plain client has its address of the foreign server, and the daemon left it alone.
plain_client_is_left_alone() {
    local status=0
    cat >"$WORK/told" <<'TOLD'
#!/bin/sh
[ "$1" != bound ] || echo "$ip by $serverid, boot file ${boot_file:-none}"
TOLD
    chmod +x "$WORK/told"
    on_client udhcpc -i lan -s "$WORK/told" -O bootfile -n -q -t 5 -T 2 >"$WORK/heard" 2>/dev/null || status=$?
    [ "$status" = 0 ] || fail "a plain client got no address"
    grep -qE "^10\.77\.0\.1[01][0-9] by $FOREIGN_ADDRESS, boot file none\$" "$WORK/heard" ||
        fail "a plain client was told $(cat "$WORK/heard")"
    within 5 logged LEFT_TO_DHCP "$(on_client cat /sys/class/net/lan/address)" ||
        fail "the log does not say that a plain client is left to the other server"
    say "plain client: $(cat "$WORK/heard")"
}

# GRUB learns where its files are from the DHCP server's answer, and the foreign server says nothing of them: this one knows.
grub_of_this_server() {
    needs grub-mkimage
    grub
    grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -p "(tftp,$SERVER_ADDRESS)/boot/grub" \
        -o "$ROOT/boot/grub/x86_64-efi/core.efi" efinet tftp normal configfile echo linux serial terminal
}
