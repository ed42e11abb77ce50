# Beside ISC dhcpd, and then with a boot menu beside dnsmasq: SeaBIOS, the card's iPXE ROM, pxelinux and the kernel, booted by a
# daemon that gives boot information only. A plain client is the foreign server's alone.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
. "$HERE/proxy.sh"

machine_network
foreign_network
little_system
pxelinux
proxy_settings

# boots MAC SERVER
boots() {
    bios_machine "$1"
    hears 120 'PXELINUX [0-9.]+ PXE'
    hears_kernel 240
    hears_same 120 SYSTEM
    power_off
    say "beside $2: $address"
}

start
foreign_isc
plain_client_is_left_alone
boots 52:54:00:0b:12:01 "ISC dhcpd"
logged 'OFFER without an address.*pxelinux.0' 52:54:00:0b:12:01 || fail "it was not the daemon that named the boot file"
foreign_off
stop

proxy_menu
start
foreign_dnsmasq
plain_client_is_left_alone
boots 52:54:00:0b:12:02 "dnsmasq, by the first item of the menu"
logged 'ACK to 10.77.0.1.*pxelinux.0, for item 1' 52:54:00:0b:12:02 || fail "the firmware did not ask for the item"
foreign_off

[ -z "$(ls -A "$DATA")" ] || fail "a proxy stored $(ls "$DATA")"
stop
say "booted beside ISC dhcpd, and by a menu beside dnsmasq; plain clients were left to them"
