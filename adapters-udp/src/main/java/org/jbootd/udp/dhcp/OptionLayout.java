package org.jbootd.udp.dhcp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.net.Octets;

/**
 * The fields of a reply that its options go to: what has no room in the options field goes, whole, to {@code sname} and
 * {@code file}, and option 52 says so (RFC 2131 §4.1, RFC 2132 §9.3).
 *
 * @param inSname empty when {@code sname} is free for its own use
 * @param inFile empty when {@code file} is free for its own use
 */
record OptionLayout(Options options, Options inSname, Options inFile) {

    private static final int FILE_BIT = 1;
    private static final int SNAME_BIT = 2;

    /** An option of one octet, and END behind the options of a field. */
    private static final int SIZE_OF_OVERLOAD = 3;

    private static final int END_SIZE = 1;

    /** What a client looks at before it knows of option 52, and relay information, which no relay seeks elsewhere. */
    private static final Set<Integer> KEPT = Set.of(
            OptionCode.MESSAGE_TYPE,
            OptionCode.SERVER_IDENTIFIER,
            OptionCode.SUBNET_MASK,
            OptionCode.LEASE_TIME,
            OptionCode.RELAY_INFORMATION);

    /**
     * The layout that borrows the least.
     *
     * @param available octets of the options field, END not counted
     * @param borrowFile whether {@code file} may be borrowed, too
     * @return empty when there is no room for {@code values}
     */
    static Optional<OptionLayout> of(Map<Integer, Octets> values, int available, boolean borrowFile) {
        int excess = sizeOf(values) - available;
        if (excess <= 0) {
            return Optional.of(new OptionLayout(Options.of(values), Options.NONE, Options.NONE));
        }
        Optional<OptionLayout> modest = borrowing(values, excess, 0);
        return modest.isPresent() || !borrowFile ? modest : borrowing(values, excess, DhcpPacket.FILE_SIZE - END_SIZE);
    }

    static int sizeOf(Map<Integer, Octets> values) {
        return values.values().stream()
                .mapToInt(value -> OptionFields.sizeOf(value.length()))
                .sum();
    }

    /** The last options move first, so that those left keep their order and the mask stays before the routers. */
    private static Optional<OptionLayout> borrowing(Map<Integer, Octets> values, int excess, int roomInFile) {
        Set<Integer> inSname = new LinkedHashSet<>();
        Set<Integer> inFile = new LinkedHashSet<>();
        int missing = excess + SIZE_OF_OVERLOAD;
        int snameLeft = DhcpPacket.SNAME_SIZE - END_SIZE;
        int fileLeft = roomInFile;
        List<Integer> lastFirst = new ArrayList<>(values.keySet());
        Collections.reverse(lastFirst);
        lastFirst.removeAll(KEPT);
        for (int code : lastFirst) {
            int size = OptionFields.sizeOf(values.get(code).length());
            if (missing > 0 && size <= snameLeft) {
                inSname.add(code);
                snameLeft -= size;
                missing -= size;
            } else if (missing > 0 && size <= fileLeft) {
                inFile.add(code);
                fileLeft -= size;
                missing -= size;
            }
        }
        return missing > 0 ? Optional.empty() : Optional.of(spread(values, inSname, inFile));
    }

    private static OptionLayout spread(Map<Integer, Octets> values, Set<Integer> inSname, Set<Integer> inFile) {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        values.forEach((code, value) -> {
            if (code == OptionCode.RELAY_INFORMATION) {
                options.put(OptionCode.OVERLOAD, overload(inSname, inFile));
            }
            if (!inSname.contains(code) && !inFile.contains(code)) {
                options.put(code, value);
            }
        });
        options.putIfAbsent(OptionCode.OVERLOAD, overload(inSname, inFile));
        return new OptionLayout(Options.of(options), only(inSname, values), only(inFile, values));
    }

    private static Octets overload(Set<Integer> inSname, Set<Integer> inFile) {
        return Octets.of((byte) ((inSname.isEmpty() ? 0 : SNAME_BIT) | (inFile.isEmpty() ? 0 : FILE_BIT)));
    }

    private static Options only(Set<Integer> codes, Map<Integer, Octets> values) {
        Map<Integer, Octets> chosen = new LinkedHashMap<>(values);
        chosen.keySet().retainAll(codes);
        return Options.of(chosen);
    }

    /** What stands in {@code sname}: options, or else {@code name}. */
    Octets sname(Octets name) {
        return inSname.isEmpty() ? name : OptionFields.encoded(inSname);
    }

    /** What stands in {@code file}: options, or else {@code name}. */
    Octets file(Octets name) {
        return inFile.isEmpty() ? name : OptionFields.encoded(inFile);
    }
}
