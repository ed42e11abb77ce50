package org.jbootd.app.settings;

import java.util.List;
import java.util.stream.Stream;

/** Who is served: {@code [mac]}, {@code [uuid]}, {@code [http]}. */
final class AccessKeys {

    private AccessKeys() {}

    static List<KeyDoc> all() {
        return Stream.of(mac(), uuid(), http()).flatMap(List::stream).toList();
    }

    private static List<KeyDoc> mac() {
        return new KeyTable("mac")
                .key(
                        "MAC",
                        "switch",
                        "see `[bootp] access`",
                        "52-54-00-12-34-56 = on",
                        "Whether that machine is served; `AA-BB-CC/24 = on` is about all MACs that begin with these 24 bits.")
                .rows();
    }

    private static List<KeyDoc> uuid() {
        return new KeyTable("uuid")
                .key(
                        "UUID",
                        "switch",
                        "see `[bootp] access`",
                        "ade8a7c0-5bd1-11e0-80e3-0800200c9a66 = on",
                        "Whether that machine is served; `UUID/UUID` is about all that agree in the bits of the second.")
                .rows();
    }

    private static List<KeyDoc> http() {
        return new KeyTable("http")
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
                .rows();
    }
}
