package org.jbootd.app.settings;

import static org.jbootd.app.settings.OptionType.ADDRESS;
import static org.jbootd.app.settings.OptionType.ADDRESSES;
import static org.jbootd.app.settings.OptionType.DOMAINS;
import static org.jbootd.app.settings.OptionType.FLAG;
import static org.jbootd.app.settings.OptionType.HEX;
import static org.jbootd.app.settings.OptionType.PAIRS;
import static org.jbootd.app.settings.OptionType.ROUTES;
import static org.jbootd.app.settings.OptionType.S32;
import static org.jbootd.app.settings.OptionType.TEXT;
import static org.jbootd.app.settings.OptionType.U16;
import static org.jbootd.app.settings.OptionType.U16S;
import static org.jbootd.app.settings.OptionType.U32;
import static org.jbootd.app.settings.OptionType.U8;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The options of the IANA registry (BOOTP Vendor Extensions and DHCP Options) that an operator may set, by number and by name. */
final class OptionTable {

    /** @param name as ISC dhcpd and others spell it, where they do */
    record Known(int code, String name, OptionType type) {}

    private static final Map<Integer, Known> BY_CODE = new TreeMap<>();
    private static final Map<String, Known> BY_NAME = new LinkedHashMap<>();

    /** Options that say what other keys say, and those keys. */
    private static final Map<Integer, String> ELSEWHERE = Map.ofEntries(
            Map.entry(1, "netmask, or network of a [subnet …],"),
            Map.entry(3, "gateway"),
            Map.entry(6, "dns"),
            Map.entry(13, "the boot file's size"),
            Map.entry(15, "domain"),
            Map.entry(28, "the network"),
            Map.entry(51, "lease_time"),
            Map.entry(54, "address"),
            Map.entry(58, "lease_time"),
            Map.entry(59, "lease_time"),
            Map.entry(66, "[tftp] address"),
            Map.entry(67, "[bootfile]"));

    /** Options that belong to the protocol: nobody sets them. */
    private static final Collection<Integer> OF_THE_PROTOCOL =
            java.util.Set.of(0, 12, 50, 52, 53, 55, 56, 57, 60, 61, 77, 80, 81, 82, 90, 93, 94, 97, 118, 255);

    static final int V6_ONLY_PREFERRED = 108;

    static {
        add(2, "time-offset", S32);
        add(4, "time-servers", ADDRESSES);
        add(5, "ien116-name-servers", ADDRESSES);
        add(7, "log-servers", ADDRESSES);
        add(8, "cookie-servers", ADDRESSES);
        add(9, "lpr-servers", ADDRESSES);
        add(10, "impress-servers", ADDRESSES);
        add(11, "resource-location-servers", ADDRESSES);
        add(14, "merit-dump", TEXT);
        add(16, "swap-server", ADDRESS);
        add(17, "root-path", TEXT);
        add(18, "extensions-path", TEXT);
        add(19, "ip-forwarding", FLAG);
        add(20, "non-local-source-routing", FLAG);
        add(21, "policy-filter", PAIRS);
        add(22, "max-dgram-reassembly", U16);
        add(23, "default-ip-ttl", U8);
        add(24, "path-mtu-aging-timeout", U32);
        add(25, "path-mtu-plateau-table", U16S);
        add(26, "interface-mtu", U16);
        add(27, "all-subnets-local", FLAG);
        add(29, "perform-mask-discovery", FLAG);
        add(30, "mask-supplier", FLAG);
        add(31, "router-discovery", FLAG);
        add(32, "router-solicitation-address", ADDRESS);
        add(33, "static-routes", PAIRS);
        add(34, "trailer-encapsulation", FLAG);
        add(35, "arp-cache-timeout", U32);
        add(36, "ieee802-3-encapsulation", FLAG);
        add(37, "default-tcp-ttl", U8);
        add(38, "tcp-keepalive-interval", U32);
        add(39, "tcp-keepalive-garbage", FLAG);
        add(40, "nis-domain", TEXT);
        add(41, "nis-servers", ADDRESSES);
        add(42, "ntp-servers", ADDRESSES);
        add(43, "vendor-encapsulated-options", HEX);
        add(44, "netbios-name-servers", ADDRESSES);
        add(45, "netbios-dd-server", ADDRESSES);
        add(46, "netbios-node-type", U8);
        add(47, "netbios-scope", TEXT);
        add(48, "font-servers", ADDRESSES);
        add(49, "x-display-manager", ADDRESSES);
        add(62, "nwip-domain", TEXT);
        add(64, "nisplus-domain", TEXT);
        add(65, "nisplus-servers", ADDRESSES);
        add(68, "mobile-ip-home-agent", ADDRESSES);
        add(69, "smtp-server", ADDRESSES);
        add(70, "pop-server", ADDRESSES);
        add(71, "nntp-server", ADDRESSES);
        add(72, "www-server", ADDRESSES);
        add(73, "finger-server", ADDRESSES);
        add(74, "irc-server", ADDRESSES);
        add(75, "streettalk-server", ADDRESSES);
        add(76, "streettalk-directory-assistance-server", ADDRESSES);
        add(85, "nds-servers", ADDRESSES);
        add(86, "nds-tree-name", TEXT);
        add(87, "nds-context", TEXT);
        add(88, "bcms-controller-names", DOMAINS);
        add(89, "bcms-controller-address", ADDRESSES);
        add(100, "pcode", TEXT);
        add(101, "tcode", TEXT);
        add(V6_ONLY_PREFERRED, "v6-only-preferred", U32);
        add(114, "default-url", TEXT);
        add(116, "auto-config", U8);
        add(117, "name-service-search", U16S);
        add(119, "domain-search", DOMAINS);
        add(121, "classless-static-routes", ROUTES);
        add(125, "vivso", HEX);
        add(138, "capwap-ac-v4", ADDRESSES);
        add(150, "tftp-server-address", ADDRESSES);
        add(175, "etherboot", HEX);
        add(208, "pxelinux-magic", HEX);
        add(209, "configfile", TEXT);
        add(210, "pathprefix", TEXT);
        add(211, "reboottime", U32);
        add(249, "ms-classless-static-routes", ROUTES);
        add(252, "wpad", TEXT);
    }

    private OptionTable() {}

    private static void add(int code, String name, OptionType type) {
        Known known = new Known(code, name, type);
        BY_CODE.put(code, known);
        BY_NAME.put(name, known);
    }

    /** Every option that has a name here, by number. */
    static Collection<Known> all() {
        return BY_CODE.values();
    }

    static Optional<Known> byCode(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /**
     * The number of an option.
     *
     * @param text its name or number
     * @throws IllegalArgumentException when there is none of that name, or it cannot be set
     */
    static int code(String text) {
        if (text.matches("\\d{1,3}")) {
            return settable(Values.number(1, 254).apply(text));
        }
        Known known = BY_NAME.get(text);
        if (known == null) {
            throw new IllegalArgumentException("no option is called '" + text + "'"
                    + Suggestion.hint(text, BY_NAME.keySet().stream()) + "; its number will do, too");
        }
        return known.code();
    }

    private static int settable(int code) {
        if (ELSEWHERE.containsKey(code)) {
            throw new IllegalArgumentException(
                    "option " + code + " follows from " + ELSEWHERE.get(code) + "; remove the line");
        }
        if (OF_THE_PROTOCOL.contains(code)) {
            throw new IllegalArgumentException(
                    "option " + code + " is part of the protocol, and not to be set; remove the line");
        }
        return code;
    }
}
