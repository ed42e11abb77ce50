package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every section and key there is. */
public final class Keys {

    private static final String REQUIRED = "required";
    private static final String NONE = "none";

    /** In the order of {@code docs/configuration.md}. */
    public static final List<KeyDoc> ALL = Stream.of(
                    logger(),
                    bootp(),
                    tftp(),
                    filters(),
                    sha256(),
                    bootfile(),
                    menu(),
                    subnet(),
                    host(),
                    staticDhcp(),
                    access(),
                    leases(),
                    unused())
            .flatMap(List::stream)
            .toList();

    private Keys() {}

    /** The key of {@code section} that is spelt so, case aside. */
    static Optional<KeyDoc> find(String section, String spelling) {
        return in(section)
                .filter(doc -> doc.key().equalsIgnoreCase(spelling)
                        || doc.synonyms().stream().anyMatch(spelling::equalsIgnoreCase))
                .findFirst();
    }

    static Stream<KeyDoc> in(String section) {
        return ALL.stream().filter(doc -> doc.section().equals(section));
    }

    private static List<KeyDoc> logger() {
        return new Table("logger")
                .key(
                        "type",
                        "`stderr`, `stdout`, `file`, `syslog` or `none`",
                        "`stderr`",
                        "file",
                        "Where log lines go.")
                .key(
                        "level",
                        "`debug`, `info`, `warning`, `error` or `critical`",
                        "`info`",
                        "warning",
                        "The least important lines that are kept. `all` is `debug`; `critical` keeps only what ends the daemon.")
                .key(
                        "file",
                        "path",
                        "required with `type = file`",
                        "/var/log/jbootd.log",
                        "The log file; lines are appended. A relative path starts at the configuration file's directory.")
                .rows();
    }

    private static List<KeyDoc> bootp() {
        return new Table("bootp")
                .key(
                        "pool_start",
                        "address",
                        "required without `[subnet …]`",
                        "192.168.1.100",
                        "The first address given out. The interface whose network holds it is the one that is served.")
                .key(
                        "pool_count",
                        "number",
                        "10",
                        "100",
                        "How many addresses there are from `pool_start` on; 0 serves only `[static_dhcp]`.")
                .key(
                        "interface",
                        "names, separated by `,`",
                        "the first one whose network holds `pool_start`",
                        "eth1",
                        "Serve machines on these interfaces; the first one's address is the server's.")
                .key(
                        "address",
                        "address",
                        "`0.0.0.0`",
                        "0.0.0.0",
                        "The address of this host that machines know the server by; `0.0.0.0`: the one whose network holds `pool_start`.")
                .key("port", "port", "67", "67", "The UDP port that requests come to.")
                .key("reply_port", "port", "68", "68", "The UDP port of clients; replies go to it.")
                .key(
                        "allow_simple_dhcp",
                        "switch",
                        "off",
                        "on",
                        "Serve machines that never booted over the network here, too. Without it only those are served that did.")
                .key(
                        "authoritative",
                        "switch",
                        "on",
                        "on",
                        "Refuse (NAK) machines that come with an address of another network or another machine. Turn it off beside another server.")
                .key("lease_time", "time", "24h", "12h", "How long a lease lasts; `never` for leases without an end.")
                .key("offer_timeout", "time", "60s", "60s", "How long an offered address waits for its client.")
                .key(
                        "decline_timeout",
                        "time",
                        "24h",
                        "1h",
                        "How long an address rests that a client found in use by somebody else.")
                .key(
                        "reclaim_after",
                        "time",
                        "never",
                        "30d",
                        "How long after its end a lease still keeps its address for its machine, when others need one.")
                .key(
                        "ping_check",
                        "switch",
                        "off",
                        "on",
                        "Ask the network (ARP) whether an address is in use, before it is offered to a machine that is new to it.")
                .key(
                        "identity",
                        "`hardware` or `client_id`",
                        "hardware",
                        "client_id",
                        "What clients are known by: the MAC address of the machine, or the client identifier that they send (option 61).")
                .key("boot_file", "file name", NONE, "pxelinux.0", "The same as `[bootfile] default`, which wins.")
                .key(
                        "servername",
                        List.of("server_name"),
                        "name",
                        "`unknown`",
                        "boot1",
                        "The first half of the server's name, as clients are told it (sname).")
                .key(
                        "domain",
                        "name",
                        "`localdomain`",
                        "example.org",
                        "The second half of it; where it is set, machines are told it as their domain (option 15), too.")
                .key(
                        "dns",
                        "addresses, separated by `;`, `,` or blanks, or `auto`",
                        NONE,
                        "192.168.1.1; 8.8.8.8",
                        "Name servers for machines. `auto`: those of this host, or this server itself where it has none.")
                .key(
                        "gateway",
                        List.of("router"),
                        "address",
                        "this server",
                        "192.168.1.1",
                        "The router that machines are told.")
                .key("set_gateway", "switch", "on", "off", "`off`: machines are told no router.")
                .key("netmask", "netmask", "the interface's", "255.255.255.0", "The netmask that machines are told.")
                .key(
                        "access",
                        "`mac`, `uuid`, `http`, or several of them in order, separated by `,`",
                        "everybody is served",
                        "mac, http",
                        "Who decides about machines: the sections of these names. The first that knows a machine decides, see below.")
                .key(
                        "shadow",
                        "as `access`",
                        "nobody",
                        "http",
                        "Who is asked, too, and not obeyed: the log says where the verdict would have been another.")
                .key(
                        "access_dir",
                        "directory",
                        NONE,
                        "backends",
                        "Jars with further backends, whose names `access` may then hold. A relative path starts at the configuration file's directory.")
                .key(
                        "notify",
                        "`host:port`, several separated by `;`",
                        NONE,
                        "127.0.0.1:11000",
                        "Who is told by UDP of boots, leases and releases: at most 8, by address or by name, see below.")
                .key(
                        "uuid_order",
                        "`label` or `wire`",
                        "`label`",
                        "wire",
                        "How UUIDs are told to those of `notify` and to the authority of `[http]`: as the machine's label has them, or as pybootd had, see below.")
                .key("timeout", "time", "5s", "5s", "The same as `[http] timeout`, which wins.")
                .key(
                        "proxy",
                        "switch",
                        "off",
                        "on",
                        "Give boot information only, beside another DHCP server that gives the addresses, see below.")
                .key(
                        "option NAME",
                        "as the option wants it",
                        "none",
                        "option ntp-servers = 10.2.0.5",
                        "A further option for machines that ask for it, by its name or number, see below.")
                .rows();
    }

    private static List<KeyDoc> tftp() {
        return new Table("tftp")
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
        return new Table("filters")
                .key(
                        "PATTERN",
                        "file",
                        NONE,
                        "pxelinux.cfg/* = pxe.cfg",
                        "Requested names of this pattern (`*`, `?`) mean that file. The first one that matches decides.")
                .rows();
    }

    private static List<KeyDoc> sha256() {
        return new Table("sha256")
                .key(
                        "PATTERN",
                        "SHA-256, 64 hexadecimal digits",
                        NONE,
                        "*/linux = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        "With a URL as `[tftp] root`: files of this name there have this content, or are not served.")
                .rows();
    }

    private static List<KeyDoc> bootfile() {
        return new Table("bootfile")
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
        return new Table("menu")
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

    private static List<KeyDoc> subnet() {
        return new Table("subnet")
                .key(
                        "network",
                        "address/prefix",
                        REQUIRED,
                        "10.2.0.0/24",
                        "The network. If an interface of this host is on it, its machines are served there, otherwise through relays.")
                .key("pool_start", "address", "no pool", "10.2.0.100", "The first address given out.")
                .key("pool_count", "number", "10", "100", "How many addresses there are from `pool_start` on.")
                .key(
                        "address",
                        "address",
                        "this host's on that network; through relays the one of `[bootp]`, or of the first interface",
                        "10.1.0.1",
                        "The address of this host that machines there know the server by.")
                .key(
                        "shared_network",
                        "name",
                        "the interface's other networks",
                        "campus",
                        "Networks of the same name share a wire: a machine there may get an address of any of them.")
                .key(
                        "gateway",
                        List.of("router"),
                        "address",
                        "this server; through relays none",
                        "10.2.0.1",
                        "The router that machines there are told.")
                .key(
                        "set_gateway",
                        "switch",
                        "`[bootp] set_gateway`",
                        "off",
                        "`off`: machines there are told no router.")
                .key(
                        "dns",
                        "addresses, separated by `;`, `,` or blanks, or `auto`",
                        "`[bootp] dns`",
                        "10.2.0.2",
                        "Name servers for machines there.")
                .key(
                        "domain",
                        "name",
                        "`[bootp] domain`",
                        "lab.example.org",
                        "The domain of machines there (option 15).")
                .key(
                        "boot_file",
                        "file name",
                        "`[bootfile] default`",
                        "lab.0",
                        "What machines there boot that `[bootfile]` names nothing for by their kind.")
                .key("lease_time", "time", "`[bootp] lease_time`", "12h", "As in `[bootp]`.")
                .key("offer_timeout", "time", "`[bootp] offer_timeout`", "60s", "As in `[bootp]`.")
                .key("decline_timeout", "time", "`[bootp] decline_timeout`", "1h", "As in `[bootp]`.")
                .key("reclaim_after", "time", "`[bootp] reclaim_after`", "30d", "As in `[bootp]`.")
                .key(
                        "option NAME",
                        "as the option wants it",
                        "that of `[bootp]`",
                        "option ntp-servers = 10.2.0.5",
                        "As in `[bootp]`.")
                .rows();
    }

    private static List<KeyDoc> host() {
        return new Table("host")
                .key("mac", "MAC", "known by `uuid`", "52-54-00-12-34-56", "The machine's MAC address.")
                .key(
                        "uuid",
                        "UUID",
                        "known by `mac`",
                        "ade8a7c0-5bd1-11e0-80e3-0800200c9a66",
                        "The machine's UUID, in either byte order.")
                .key(
                        "address",
                        "address",
                        "one of the pool",
                        "192.168.1.20",
                        "Reserved for it, as in `[static_dhcp]`: by `mac` if it is given, else by `uuid`.")
                .key(
                        "hostname",
                        "name",
                        NONE,
                        "web1",
                        "Its host name (option 12), unless the authority of `[http]` gives another.")
                .key(
                        "boot_file",
                        "file name",
                        "as `[bootfile]` says",
                        "rescue.0",
                        "What it boots, whatever its kind is.")
                .key(
                        "option NAME",
                        "as the option wants it",
                        "that of its network",
                        "option root-path = /srv/web1",
                        "A further option for it, as in `[bootp]`.")
                .rows();
    }

    private static List<KeyDoc> staticDhcp() {
        return new Table("static_dhcp")
                .key(
                        "MAC",
                        "address",
                        NONE,
                        "52-54-00-12-34-56 = 192.168.1.20",
                        "The address of one machine. It may lie in the pool or beside it, and is nobody else's.")
                .rows();
    }

    private static List<KeyDoc> leases() {
        return new Table("leases")
                .key(
                        "data_dir",
                        "directory",
                        "`/var/lib/jbootd`",
                        "/var/lib/jbootd",
                        "Where leases are kept: all of the daemon's own, and nobody else's. With PostgreSQL, where the daemon remembers how far it has seen them. A relative path starts at the configuration file's directory.")
                .key(
                        "url",
                        "JDBC URL",
                        "H2 in `data_dir`",
                        "jdbc:h2:/var/lib/jbootd",
                        "The lease database: `jdbc:postgresql://HOST[:PORT]/DATABASE`, which several servers may share, see [cluster](cluster.md); `jdbc:h2:DIRECTORY` is another way to write `data_dir`.")
                .key("user", "name", NONE, "jbootd", "User of the PostgreSQL database. The embedded one has none.")
                .key("password", "text", NONE, "secret", "Its password, in no message.")
                .key(
                        "password_file",
                        "path",
                        NONE,
                        "/etc/jbootd/password",
                        "A file with the password in its first line, in the place of `password`.")
                .key(
                        "allocation",
                        "`sequential`, `hashed`",
                        "`sequential`",
                        "hashed",
                        "How a new machine's address is chosen: the lowest free one, or one that follows from its MAC address or client identifier, which is the same from every server that shares the leases.")
                .key(
                        "orphans",
                        "number",
                        "0",
                        "12",
                        "How many live leases a reload (SIGHUP) may leave without their address; with more it is refused.")
                .key(
                        "history_keep",
                        "time",
                        "never",
                        "400d",
                        "How long the history is kept: changes of leases, refusals, transfers. At least 1h. What a lease is now"
                                + " is never deleted, nor the last change of an address.")
                .key(
                        "hash_chain",
                        "switch",
                        "as it was; off at first",
                        "on",
                        "Whether each change in the history has the hash of the one before it, so that a change of it can be noticed; see audit.md.")
                .key(
                        "sql_port",
                        "port",
                        "none",
                        "9092",
                        "TCP port at which SQL tools may ask the history of an embedded database while the daemon runs; see audit.md.")
                .key(
                        "sql_address",
                        "IPv4 address",
                        "127.0.0.1",
                        "192.168.1.2",
                        "The address of this host that has that port; `0.0.0.0` for all. Where other hosts can ask, the auditor needs a password; nothing is encrypted, see audit.md.")
                .key("sql_password", "text", NONE, "secret", "The auditor's password, in no message.")
                .key(
                        "sql_password_file",
                        "path",
                        NONE,
                        "/etc/jbootd/auditor",
                        "A file with it in its first line, in the place of `sql_password`.")
                .rows();
    }

    private static List<KeyDoc> access() {
        List<KeyDoc> rows = new ArrayList<>();
        rows.addAll(new Table("mac")
                .key(
                        "MAC",
                        "switch",
                        "see `[bootp] access`",
                        "52-54-00-12-34-56 = on",
                        "Whether that machine is served; `AA-BB-CC/24 = on` is about all MACs that begin with these 24 bits.")
                .rows());
        rows.addAll(new Table("uuid")
                .key(
                        "UUID",
                        "switch",
                        "see `[bootp] access`",
                        "ade8a7c0-5bd1-11e0-80e3-0800200c9a66 = on",
                        "Whether that machine is served; `UUID/UUID` is about all that agree in the bits of the second.")
                .rows());
        rows.addAll(new Table("http")
                .key(
                        "location",
                        "URL, or `host:port`",
                        "required with `access = http`",
                        "https://authority.example.org",
                        "The server that is asked. It may hold `user:password@`.")
                .key(
                        "pxe",
                        "path",
                        "required with `access = http`",
                        "boot",
                        "Asked when firmware or a boot loader wants to boot.")
                .key(
                        "dhcp",
                        "path",
                        "required with `access = http`",
                        "linux",
                        "Asked when an operating system wants an address.")
                .key(
                        "timeout",
                        "time",
                        "`[bootp] timeout`, or 5s",
                        "2s",
                        "How long a verdict may take, all in all; without one by then the machine is ignored.")
                .key(
                        "cache_grant",
                        "time",
                        "a grant holds for its exchange",
                        "10m",
                        "How long a machine that was granted is served without being asked about again.")
                .key(
                        "always_check",
                        "switch",
                        "off",
                        "on",
                        "Ask about each message, even about the REQUEST that follows a granted DISCOVER.")
                .key(
                        "ca",
                        "path",
                        "those that Java trusts",
                        "authority-ca.pem",
                        "With https: certificates (PEM) that the server's must be issued by. A relative path starts at the configuration file's directory.")
                .key(
                        "pin",
                        "`sha256/…`, several separated by `,`",
                        "any key",
                        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "With https: one of these public keys (SHA-256 in Base64) must be among the server's certificates.")
                .rows());
        return rows;
    }

    private static List<KeyDoc> unused() {
        return new Table("buggy_clients")
                .key(
                        "MAC",
                        "switch",
                        NONE,
                        "52-54-00-12-34-56 = on",
                        "Accepted, and of no effect: every client is answered as it needs.")
                .rows();
    }

    /** The keys of one section. */
    private static final class Table {

        private final String section;
        private final List<KeyDoc> rows = new ArrayList<>();

        Table(String section) {
            this.section = section;
        }

        Table key(String key, String type, String fallback, String example, String text) {
            return key(key, List.of(), type, fallback, example, text);
        }

        Table key(String key, List<String> synonyms, String type, String fallback, String example, String text) {
            rows.add(new KeyDoc(section, key, synonyms, type, fallback, example, text));
            return this;
        }

        List<KeyDoc> rows() {
            return rows;
        }
    }
}
