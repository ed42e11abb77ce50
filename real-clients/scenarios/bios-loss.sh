# One frame of twenty is lost in each direction: BIOS, pxelinux, kernel and system still boot.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
MAC=52:54:00:0b:13:01

machine_network
little_system
pxelinux
settings
start
lose 5

bios_machine $MAC
hears_kernel 700
hears_same 200 SYSTEM
stop
say "booted; $(lost) frames were lost"
