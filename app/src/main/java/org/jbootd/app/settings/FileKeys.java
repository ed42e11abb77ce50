package org.jbootd.app.settings;

import static org.jbootd.app.settings.KeyTable.NONE;
import static org.jbootd.app.settings.KeyTable.REQUIRED;

import java.util.List;
import java.util.stream.Stream;

/** What machines boot, and where it comes from: {@code [tftp]}, {@code [filters]}, {@code [sha256]}, {@code [bootfile]}, {@code [menu]}. */
final class FileKeys {

    private FileKeys() {}

    static List<KeyDoc> all() {
        return Stream.of(tftp(), filters(), sha256(), bootfile(), menu())
                .flatMap(List::stream)
                .toList();
    }

    private static List<KeyDoc> tftp() {
        return new KeyTable("tftp")
                .key(
                        "root",
                        "directory or URL",
                        REQUIRED,
                        "/srv/tftp",
                        "Files are served from here. A relative path starts at the configuration file's directory; with a URL (`http://…`, `https://…`) files are fetched from a web server.")
                .key(
                        "ca",
                        "path",
                        "those that Java trusts",
                        "mirror-ca.pem",
                        "With an https root: certificates (PEM) that the server's must be issued by. A relative path starts at the configuration file's directory.")
                .key(
                        "pin",
                        "`sha256/…`, several separated by `,`",
                        "any key",
                        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "With an https root: one of these public keys (SHA-256 in Base64) must be among the server's certificates.")
                .key(
                        "cache_dir",
                        "directory",
                        "`/var/cache/jbootd` if it is there",
                        "/var/cache/jbootd",
                        "With a URL as root: where copies of files are kept, see below. A relative path starts at the configuration file's directory.")
                .key(
                        "cache_size",
                        "number, MiB",
                        "1024",
                        "4096",
                        "With a URL as root: how much room copies of files may take together.")
                .key(
                        "address",
                        "address",
                        "the address found for `[bootp]`; with `-t` all",
                        "192.168.1.1",
                        "Where requests are received. DHCP tells machines this address, too, unless it is `0.0.0.0`.")
                .key("port", "port", "69", "69", "The UDP port that requests come to.")
                .key(
                        "blocksize",
                        "number, 8 to 65464",
                        "65464",
                        "1428",
                        "The largest block that a client may ask for. One that asks for none gets 512 (RFC 1350).")
                .key(
                        "timeout",
                        "seconds",
                        "2",
                        "1.5",
                        "How long an answer may take before the last blocks are sent again.")
                .rows();
    }

    private static List<KeyDoc> filters() {
        return new KeyTable("filters")
                .key(
                        "PATTERN",
                        "file",
                        NONE,
                        "pxelinux.cfg/* = pxe.cfg",
                        "Requested names of this pattern (`*`, `?`) mean that file. The first one that matches decides.")
                .rows();
    }

    private static List<KeyDoc> sha256() {
        return new KeyTable("sha256")
                .key(
                        "PATTERN",
                        "SHA-256, 64 hexadecimal digits",
                        NONE,
                        "*/linux = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        "With a URL as `[tftp] root`: files of this name there have this content, or are not served.")
                .rows();
    }

    private static List<KeyDoc> bootfile() {
        return new KeyTable("bootfile")
                .key(
                        "default",
                        "file name",
                        "`[bootp] boot_file`",
                        "pxelinux.0",
                        "What machines boot that no other key of this section names.")
                .key(
                        "ARCHITECTURE",
                        "file name",
                        "`default`",
                        "uefi-x64 = grubx64.efi",
                        "What machines of an architecture boot: its IANA number (`7`, `00007`) or name, see below.")
                .key("ipxe", "file name", "as for the architecture", "boot.ipxe", "What iPXE boots, once it runs.")
                .rows();
    }

    private static List<KeyDoc> menu() {
        return new KeyTable("menu")
                .key(
                        "prompt",
                        "text",
                        "`Press F8 for the boot menu`",
                        "Press F8 to choose",
                        "What the machine shows while it waits for somebody who wants the menu.")
                .key(
                        "timeout",
                        "number, 0 to 254, or `never`",
                        "10",
                        "5",
                        "After how many seconds the first item is booted; `0`: at once, `never`: only when it is chosen.")
                .key(
                        "NUMBER",
                        "text, file",
                        NONE,
                        "1 = Install Debian, debian/pxelinux.0",
                        "An item, in the order of the file, with a number of 1 to 65534 of its own. Without a file it is what the machine boots by `[bootfile]`. `0` is the machine's own disk.")
                .rows();
    }
}
