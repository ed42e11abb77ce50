# Beside ISC dhcpd and then beside dnsmasq, which give the addresses: SeaBIOS, the card's iPXE ROM, pxelinux and the kernel,
# booted by a daemon that gives boot information only. A plain client is the foreign server's alone.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
. "$HERE/proxy.sh"

machine_network
foreign_network
little_system
pxelinux
proxy_settings
start

# boots MAC SERVER
boots() {
    bios_machine "$1"
    hears 120 'PXELINUX [0-9.]+ PXE'
    hears_kernel 240
    hears_same 120 SYSTEM
    logged 'OFFER without an address.*pxelinux.0' "$1" || fail "it was not the daemon that named the boot file"
    power_off
    say "beside $2: $address"
}

foreign_isc
plain_client_is_left_alone
boots 52:54:00:0b:12:01 "ISC dhcpd"
foreign_off

foreign_dnsmasq
plain_client_is_left_alone
boots 52:54:00:0b:12:02 dnsmasq
foreign_off

[ -z "$(ls -A "$DATA")" ] || fail "a proxy stored $(ls "$DATA")"
stop
say "booted beside ISC dhcpd and beside dnsmasq; plain clients were left to them"
