package org.jbootd.app.settings;

import static org.jbootd.app.settings.KeyTable.NONE;

import java.util.List;

/** How machines are given addresses, and what they are told: {@code [bootp]}. */
final class BootpKeys {

    private BootpKeys() {}

    static List<KeyDoc> all() {
        return new KeyTable("bootp")
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
}
