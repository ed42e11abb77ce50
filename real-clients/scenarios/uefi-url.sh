# As `uefi`, with a web server as root.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
. "$HERE/nginx.sh"
MAC=52:54:00:0b:11:02

machine_network
little_system
grub
web_root
settings
start

uefi_machine $MAC
hears 240 'GRUB loads the kernel'
hears_kernel 240
hears_same 120 SYSTEM
same "files that were downloaded twice" '' "$(grep '^200 ' "$ACCESS_LOG" | sort | uniq -d)"
same "downloads of linux" 1 "$(requests '^200 http GET /files/linux ')"
stop
say "firmware, GRUB, kernel, system, all from nginx: $address"
