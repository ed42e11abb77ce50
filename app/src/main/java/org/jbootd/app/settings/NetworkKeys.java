package org.jbootd.app.settings;

import static org.jbootd.app.settings.KeyTable.NONE;
import static org.jbootd.app.settings.KeyTable.REQUIRED;

import java.util.List;
import java.util.stream.Stream;

/** Further networks, and single machines: {@code [subnet …]}, {@code [host …]}, {@code [static_dhcp]}. */
final class NetworkKeys {

    private NetworkKeys() {}

    static List<KeyDoc> all() {
        return Stream.of(subnet(), host(), staticDhcp()).flatMap(List::stream).toList();
    }

    private static List<KeyDoc> subnet() {
        return new KeyTable("subnet")
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
        return new KeyTable("host")
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
        return new KeyTable("static_dhcp")
                .key(
                        "MAC",
                        "address",
                        NONE,
                        "52-54-00-12-34-56 = 192.168.1.20",
                        "The address of one machine. It may lie in the pool or beside it, and is nobody else's.")
                .rows();
    }
}
