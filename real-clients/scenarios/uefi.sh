# OVMF's own PXE code boots GRUB, which boots Debian's kernel; the system gets the same address as the firmware had.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
MAC=52:54:00:0b:11:01

machine_network
little_system
grub
settings
start

uefi_machine $MAC
hears 240 'GRUB loads the kernel'
hears_kernel 240
hears_same 120 SYSTEM
stop
say "firmware, GRUB, kernel, system: $address"
