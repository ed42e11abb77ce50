# The daemon is killed hard after the firmware's exchange and before the system's: the machine keeps its address.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
MAC=52:54:00:0b:12:01

machine_network
little_system
pxelinux
settings
start
occupy 52:54:00:0b:12:ff

bios_machine $MAC
hears_kernel 240
crash
start
occupy 52:54:00:0b:12:fe
hears_same 120 SYSTEM
stop
say "$address before and after the crash"
