package org.jbootd.udp.dhcp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jbootd.domain.net.Octets;

/**
 * Reads replies as the strictest client would, with a parser of its own, and fails on anything that a client could
 * stumble over.
 */
final class StrictReply {

    private static final Map<Integer, Integer> FIXED_LENGTHS = Map.ofEntries(
            Map.entry(1, 4),
            Map.entry(13, 2),
            Map.entry(28, 4),
            Map.entry(51, 4),
            Map.entry(53, 1),
            Map.entry(54, 4),
            Map.entry(58, 4),
            Map.entry(59, 4),
            Map.entry(97, 17),
            Map.entry(118, 4));
    private static final Set<Integer> NEVER_SENT = Set.of(50, 55, 57, 77, 80, 81, 93, 94);
    private static final Set<Integer> ONLY_WITHOUT_ADDRESS = Set.of(13, 43, 52, 53, 54, 60, 61, 66, 67, 82, 97);
    private static final Set<Integer> ONLY_DHCP = Set.of(51, 52, 53, 54, 56, 58, 59, 60, 61, 97, 118);

    /** What the server says of its own accord; everything else is configured. */
    private static final Set<Integer> OWN =
            Set.of(1, 3, 6, 12, 13, 15, 28, 43, 51, 52, 53, 54, 56, 58, 59, 60, 61, 66, 67, 82, 97, 118);

    private StrictReply() {}

    /** The same, and whatever is no matter of the server's own is configured for one of the subnets, octet for octet. */
    static Map<Integer, Octets> check(DhcpPacket request, byte[] reply, DhcpSettings settings) {
        Map<Integer, Octets> options = check(request, reply);
        options.forEach((code, value) -> require(
                OWN.contains(code)
                        || settings.subnets().stream()
                                .anyMatch(
                                        subnet -> value.equals(subnet.options().get(code))),
                "nobody configured option " + code));
        return options;
    }

    /** @return the options in the order in which they stand */
    static Map<Integer, Octets> check(DhcpPacket request, byte[] reply) {
        Map<Integer, Octets> options = checkForm(request, reply);
        require(!options.containsKey(43) || options.get(43).toHex().equals("060108ff"), "option 43");
        checkType(request, reply, options);
        return options;
    }

    /** As {@link #check}, of a server that gives boot information only. */
    static Map<Integer, Octets> checkProxy(DhcpPacket request, byte[] reply) {
        Map<Integer, Octets> options = checkForm(request, reply);
        require(ONLY_WITHOUT_ADDRESS.containsAll(options.keySet()), "nothing that is another server's to say");
        require(options.keySet().iterator().next() == 53, "53 is first");
        require(options.get(53).at(0) == 2 || options.get(53).at(0) == 5, "OFFER or ACK");
        require(options.containsKey(54) && options.containsKey(60), "54 and 60 are there");
        require(zerosOnly(reply, 16, 20), "yiaddr is 0");
        require(!zerosOnly(reply, 20, 24), "siaddr is not");
        boolean pxe = options.get(60).toHex().equals("505845436c69656e74");
        require(pxe || options.get(60).toHex().equals("48545450436c69656e74"), "PXEClient or HTTPClient");
        require(pxe == options.containsKey(43), "option 43 for PXE, and nobody else");
        if (pxe) {
            PxeVendorInformation.read(options.get(43)).check();
        }
        require(
                options.containsKey(97)
                        == (request.options().has(97)
                                && request.options().get(97).get().length() == 17),
                "97 comes back");
        return options;
    }

    private static Map<Integer, Octets> checkForm(DhcpPacket request, byte[] reply) {
        require(reply.length >= 300 && reply.length <= 1472, "300 to 1472 octets");
        checkHeader(request, reply);
        Map<Integer, Octets> options = options(reply);
        FIXED_LENGTHS.forEach(
                (code, length) -> require(lengthOf(options, code, length) == length, "the length of option " + code));
        require(lengthOf(options, 3, 4) % 4 == 0 && lengthOf(options, 3, 4) > 0, "the length of option 3");
        require(lengthOf(options, 6, 4) % 4 == 0 && lengthOf(options, 6, 4) > 0, "the length of option 6");
        require(maskPrecedesRouters(options), "the mask before the routers");
        require(Collections.disjoint(options.keySet(), NEVER_SENT), "options that no server sends");
        checkSize(request, reply, options);
        checkEchoes(request, options);
        return options;
    }

    /** Cheaper than an assertion library: this runs millions of times. */
    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }

    private static boolean maskPrecedesRouters(Map<Integer, Octets> options) {
        for (int code : options.keySet()) {
            if (code == 1 || code == 3) {
                return code == 1;
            }
        }
        return true;
    }

    private static int lengthOf(Map<Integer, Octets> options, int code, int otherwise) {
        Octets value = options.get(code);
        return value == null ? otherwise : value.length();
    }

    private static void checkHeader(DhcpPacket request, byte[] reply) {
        ByteBuffer header = ByteBuffer.wrap(reply);
        require(reply[0] == 2, "op 2");
        require((reply[1] & 0xff) == request.htype() && (reply[2] & 0xff) == request.hlen(), "htype, hlen");
        require(reply[3] == 0 && header.getShort(8) == 0, "hops 0, secs 0");
        require(header.getInt(4) == request.xid(), "xid");
        require(header.getInt(24) == request.giaddr().bits(), "giaddr");
        require(Arrays.equals(request.chaddr().toArray(), Arrays.copyOfRange(reply, 28, 44)), "chaddr");
        require(header.getInt(236) == 0x63825363, "the cookie");
    }

    /** Text, NUL, and nothing behind it. */
    private static void checkText(byte[] reply, int at, int size) {
        int end = at;
        while (end < at + size && reply[end] != 0) {
            end++;
        }
        require(end < at + size, "there is a NUL");
        require(zerosOnly(reply, end, at + size), "nothing behind the NUL");
    }

    private static boolean zerosOnly(byte[] reply, int from, int to) {
        for (int at = from; at < to; at++) {
            if (reply[at] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Those of the options field, then those of file and of sname where option 52 says so; else these hold text. */
    private static Map<Integer, Octets> options(byte[] reply) {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        read(reply, 240, reply.length, options);
        int overload = options.containsKey(52) ? options.get(52).at(0) : 0;
        require(overload >= 0 && overload <= 3 && lengthOf(options, 52, 1) == 1, "option 52");
        require(!options.containsKey(52) || overload > 0, "option 52 says something");
        readOrCheckText(reply, 108, 128, (overload & 1) != 0, options);
        readOrCheckText(reply, 44, 64, (overload & 2) != 0, options);
        return options;
    }

    private static void readOrCheckText(
            byte[] reply, int at, int size, boolean overloaded, Map<Integer, Octets> options) {
        if (overloaded) {
            int before = options.size();
            read(reply, at, at + size, options);
            require(options.size() > before, "an overloaded field holds options");
        } else {
            checkText(reply, at, size);
        }
    }

    private static void read(byte[] reply, int from, int to, Map<Integer, Octets> options) {
        int at = from;
        int previous = -1;
        while ((reply[at] & 0xff) != 255) {
            int code = reply[at] & 0xff;
            int end = at + 2 + (reply[at + 1] & 0xff);
            require(end < to, "the field has room for its options and END");
            Octets value = Octets.of(Arrays.copyOfRange(reply, at + 2, end));
            require(code != 0, "no PAD between options");
            Octets before = options.put(code, value);
            if (before != null) {
                require(code == previous && before.length() % 255 == 0, "an option stands once, or in full pieces");
                options.put(code, Octets.parseHex(before.toHex() + value.toHex()));
            }
            require(code != 82 || (reply[end] & 0xff) == 255 || (reply[end] & 0xff) == 82, "82 is last");
            previous = code;
            at = end;
        }
        require(zerosOnly(reply, at + 1, to), "zeros behind END");
    }

    private static void checkSize(DhcpPacket request, byte[] reply, Map<Integer, Octets> options) {
        int maximum = Math.max(576, request.options().word(57).orElse(576));
        int relayed =
                options.containsKey(82) ? OptionFields.sizeOf(options.get(82).length()) : 0;
        require(reply.length + 28 - relayed <= maximum, "no more than the client takes");
    }

    private static void checkEchoes(DhcpPacket request, Map<Integer, Octets> options) {
        for (int code : new int[] {61, 82, 97, 118}) {
            Octets echo = options.get(code);
            require(echo == null || echo.equals(request.options().get(code).orElse(null)), "the echo of " + code);
        }
    }

    private static void checkType(DhcpPacket request, byte[] reply, Map<Integer, Octets> options) {
        if (!request.options().has(53)) {
            require(Collections.disjoint(options.keySet(), ONLY_DHCP), "no DHCP options for BOOTP");
            return;
        }
        require(options.keySet().iterator().next() == 53, "53 is first");
        require(options.containsKey(54), "54 is there");
        int type = options.get(53).at(0);
        require(type == 2 || type == 5 || type == 6, "OFFER, ACK or NAK");
        if (type == 6) {
            require(Set.of(53, 54, 56, 61, 82).containsAll(options.keySet()), "nothing else in a NAK");
            require(zerosOnly(reply, 12, 24), "ciaddr, yiaddr, siaddr are 0 in a NAK");
            return;
        }
        boolean informed = ByteBuffer.wrap(reply).getInt(16) == 0;
        require(options.containsKey(1), "a mask");
        require(options.containsKey(51) != informed, "a lease time with an address, and only then");
        require(!informed || Collections.disjoint(options.keySet(), Set.of(58, 59)), "no times for INFORM");
    }
}
