# Beside ISC dhcpd, and then with a boot menu beside dnsmasq: OVMF's own PXE code, GRUB and the kernel, booted by a daemon that
# gives boot information only. With the menu the firmware asks the boot server at port 4011 for its first item.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
. "$HERE/proxy.sh"

machine_network
foreign_network
little_system
grub_of_this_server
proxy_settings

# boots MAC SERVER
boots() {
    uefi_machine "$1"
    hears 240 'GRUB loads the kernel'
    hears_kernel 240
    hears_same 120 SYSTEM
    power_off
    say "beside $2: $address"
}

start
foreign_isc
plain_client_is_left_alone
boots 52:54:00:0b:13:01 "ISC dhcpd"
logged 'OFFER without an address.*core.efi' 52:54:00:0b:13:01 || fail "it was not the daemon that named the boot file"
foreign_off
stop

proxy_menu
start
foreign_dnsmasq
boots 52:54:00:0b:13:02 "dnsmasq, by the first item of the menu"
logged 'ACK to 10.77.0.1.*core.efi, for item 1' 52:54:00:0b:13:02 || fail "the firmware did not ask for the item"
foreign_off
stop
say "booted beside ISC dhcpd, and by a menu beside dnsmasq"
