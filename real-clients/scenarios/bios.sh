# SeaBIOS and the card's iPXE ROM boot pxelinux, which boots Debian's installer, which gets the same address again.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
MAC=52:54:00:0b:10:01

machine_network
installer
pxelinux
settings
start

bios_machine $MAC
hears 120 'PXELINUX [0-9.]+ PXE'
hears_kernel 240
hears_same 300 INSTALLER
stop
say "firmware, pxelinux, kernel, installer: $address"
