# A machine without a disk: QEMU with real firmware on a bridge in the client's namespace, and what it boots.

needs qemu-system-x86_64 udhcpc cpio
readonly INSTALLER=/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64
readonly SERIAL=$WORK/serial
readonly MEMORY_MB=1024
[ -e "$INSTALLER/linux" ] || skip "debian-installer-12-netboot-amd64 is not installed"

# The network with a bridge instead of a lone client, and the machine's tap beside the wire.
machine_network() {
    network 52:54:00:0b:00:02
    ip -n "$CLIENT_NS" link add lan type bridge
    ip -n "$CLIENT_NS" tuntap add machine mode tap
    ip -n "$CLIENT_NS" link set eth0 master lan
    ip -n "$CLIENT_NS" link set machine master lan
    ip -n "$CLIENT_NS" link set lan up
    ip -n "$CLIENT_NS" link set machine up
    interface=lan
}

# power_on MAC QEMU-OPTIONS...: starts the machine; what its serial line says is in $SERIAL, its process in $machine.
power_on() {
    local mac=$1 acceleration=tcg
    shift
    if hardware_can; then acceleration=kvm:tcg; fi
    : >"$SERIAL"
    spawn ip netns exec "$CLIENT_NS" qemu-system-x86_64 -nodefaults -no-user-config -no-reboot \
        -machine "pc,accel=$acceleration" -m "$MEMORY_MB" -display none -monitor none -serial "file:$SERIAL" \
        -netdev tap,id=lan,ifname=machine,script=no,downscript=no -boot n "${@//MAC/$mac}"
    machine=$started
    say "machine on ($acceleration)"
}

# Whether KVM runs on the processor's own virtualisation: where it does not (without these flags), firmware's 16-bit code
# is beyond it.
hardware_can() { [ -z "${NO_KVM:-}" ] && [ -w /dev/kvm ] && grep -qE '^flags.* (vmx|svm)\b' /proc/cpuinfo; }

power_off() {
    kill -KILL "$machine" 2>/dev/null || true # unless it went off by itself
    wait "$machine" 2>/dev/null || true
}

bios_machine() { power_on "$1" -device virtio-net-pci,netdev=lan,mac=MAC "${@:2}"; }

# OVMF with its own driver and PXE code, not those of the card's ROM.
uefi_machine() {
    [ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || skip "ovmf is not installed"
    cp /usr/share/OVMF/OVMF_VARS_4M.fd "$WORK/variables"
    power_on "$1" -device virtio-net-pci,netdev=lan,mac=MAC,romfile= \
        -drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
        -drive "if=pflash,format=raw,file=$WORK/variables"
}

# Waits up to $1 seconds for the serial line to say $2 (a pattern).
hears() {
    within "$1" heard "$2" || fail "the machine did not say '$2' within $1 s"
    say "machine: $(grep -aoE -m1 -- "$2" "$SERIAL" | tr -d '\r')"
}

# Waits until the kernel has told the firmware's address, and leaves it in $address.
hears_kernel() {
    hears "$1" 'Linux version [0-9.]+'
    hears 60 'Command line: .* ip=[0-9.]+'
    address=$(grep -aoE -m1 'Command line: .* ip=[0-9.]+' "$SERIAL" | sed 's/.* ip=//')
    in_pool "$address"
}

# Waits until the system with the name $2 has told its address, which must be that of the firmware.
hears_same() {
    hears "$1" "$2 HAS [0-9.]+"
    same "address of firmware and system" "$address" "$(grep -aoE -m1 "$2 HAS [0-9.]+" "$SERIAL" | sed 's/.* //')"
}

heard() {
    if ended "$machine"; then grep -aqE -- "$1" "$SERIAL" || fail "the machine ended without saying '$1'"; fi
    grep -aqE -- "$1" "$SERIAL"
}

# --- what it boots ------------------------------------------------------------------------------------------------------

# Debian's installer. It gets an address of its own accord and fetches its answers by TFTP, and these make it say which
# address it has and end.
installer() {
    cp "$INSTALLER/linux" "$ROOT/linux"
    cp "$INSTALLER/initrd.gz" "$ROOT/initrd.gz"
    cat >"$ROOT/preseed.cfg" <<'PRESEED'
d-i preseed/early_command string ip -4 -o addr show scope global | while read -r _ _ _ address _; do echo "INSTALLER HAS ${address%/*}" >/dev/console; done; poweroff -f
PRESEED
    arguments="auto=true priority=critical interface=auto netcfg/dhcp_timeout=60 url=tftp://$SERVER_ADDRESS/preseed.cfg"
}

# The same kernel with a few of the installer's files only, for networks on which the whole of it would take too long: the
# system asks for an address, says which, and ends.
little_system() {
    local tree=$WORK/little
    mkdir -p "$tree"/{proc,sys,dev}
    (cd "$tree" && zcat "$INSTALLER/initrd.gz" | cpio --quiet -idm bin/busybox \
        'lib64/*' 'lib/*/ld-linux*' 'lib/*/libc.so*' 'lib/*/libresolv.so*' \
        'lib/modules/*/virtio.ko' 'lib/modules/*/virtio_ring.ko' 'lib/modules/*/virtio_pci*.ko' 'lib/modules/*/virtio_net.ko' \
        'lib/modules/*/failover.ko' 'lib/modules/*/net_failover.ko')
    cat >"$tree/init" <<'INIT'
#!/bin/busybox sh
PATH=/bin
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs dev /dev
for module in virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci failover net_failover virtio_net; do
    busybox insmod $(busybox find /lib/modules -name $module.ko)
done
busybox ip link set eth0 up
busybox udhcpc -f -n -q -t 30 -T 2 -i eth0 -s /said
busybox poweroff -f
INIT
    cat >"$tree/said" <<'SAID'
#!/bin/busybox sh
[ "$1" != bound ] || echo "SYSTEM HAS $ip"
SAID
    chmod +x "$tree/init" "$tree/said"
    cp "$INSTALLER/linux" "$ROOT/linux"
    (cd "$tree" && find . | cpio --quiet -H newc -o) | gzip -9 >"$ROOT/initrd.gz"
    arguments="net.ifnames=0"
}

# pxelinux, configured to boot what was put into the root and to tell it the firmware's address.
pxelinux() {
    [ -e /usr/lib/PXELINUX/pxelinux.0 ] || skip "pxelinux is not installed"
    cp /usr/lib/PXELINUX/pxelinux.0 /usr/lib/syslinux/modules/bios/ldlinux.c32 "$ROOT"
    mkdir -p "$ROOT/pxelinux.cfg"
    cat >"$ROOT/pxelinux.cfg/default" <<CONFIG
SERIAL 0 115200
PROMPT 0
DEFAULT system
LABEL system
  KERNEL linux
  INITRD initrd.gz
  IPAPPEND 1
  APPEND console=ttyS0,115200 $arguments
CONFIG
}

# The same with GRUB for UEFI, which loads its modules and its configuration by TFTP too.
grub() {
    needs grub-mknetdir
    grub-mknetdir --net-directory="$ROOT" --subdir=boot/grub -d /usr/lib/grub/x86_64-efi >/dev/null
    cat >"$ROOT/boot/grub/grub.cfg" <<CONFIG
serial --unit=0 --speed=115200
terminal_output serial
echo "GRUB loads the kernel"
linux /linux console=ttyS0,115200 ip=\$net_default_ip $arguments
initrd /initrd.gz
boot
CONFIG
}
