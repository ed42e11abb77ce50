# As `bios`, with a web server as root and a menu beside the daemon's settings: pybootd's sample for Debian.
. "$(dirname "$0")/../lib.sh"
. "$HERE/machine.sh"
. "$HERE/nginx.sh"
MAC=52:54:00:0b:10:02

machine_network
installer
pxelinux
mv "$ROOT/pxelinux.cfg/default" "$WORK/pxe.cfg"
web_root
settings
printf '\n[filters]\npxelinux.cfg/* = pxe.cfg\n' >>"$INI"
start

bios_machine $MAC
hears 120 'PXELINUX [0-9.]+ PXE'
hears_kernel 240
hears_same 300 INSTALLER
for file in pxelinux.0 linux initrd.gz preseed.cfg; do
    same "downloads of $file" 1 "$(requests "^200 http GET /files/$file ")"
done
same "menus of the web server" 0 "$(requests 'pxelinux.cfg')"
stop
say "firmware, pxelinux, kernel, installer, all from nginx: $address"
