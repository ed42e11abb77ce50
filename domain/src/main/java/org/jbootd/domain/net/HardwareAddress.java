package org.jbootd.domain.net;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A hardware address as BOOTP names it: the type (1 = Ethernet, IANA "Hardware Types") and 0 to 16 octets.
 * By it a machine is told from others.
 */
public record HardwareAddress(int type, Octets octets) {

    public static final int ETHERNET = 1;

    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}([-:]?)[0-9a-fA-F]{2}(\\1[0-9a-fA-F]{2}){4}");
    private static final HexFormat DASHES = HexFormat.ofDelimiter("-").withUpperCase();

    public HardwareAddress {
        if (type < 0 || type > 255) {
            throw new IllegalArgumentException("a hardware type is 0 to 255, not " + type);
        }
        if (octets.length() > 16) {
            throw new IllegalArgumentException("a hardware address has at most 16 octets, not " + octets.length());
        }
    }

    /**
     * Reads an Ethernet address, {@code AA-BB-CC-DD-EE-FF}, {@code aa:bb:cc:dd:ee:ff} or {@code aabbccddeeff}.
     *
     * @throws IllegalArgumentException when {@code text} is none of these
     */
    public static HardwareAddress parse(String text) {
        if (!MAC.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a MAC address: write AA-BB-CC-DD-EE-FF or aa:bb:cc:dd:ee:ff");
        }
        return ethernet(Octets.parseHex(text.replaceAll("[-:]", "").toLowerCase(Locale.ROOT)));
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when {@code text} is nothing of the kind
     */
    public static HardwareAddress parseRecorded(String text) {
        int slash = text.indexOf('/');
        int type = slash < 0 ? ETHERNET : Integer.parseInt(text.substring(0, slash));
        return new HardwareAddress(type, Octets.of(DASHES.parseHex(text.substring(slash + 1))));
    }

    public static HardwareAddress ethernet(Octets octets) {
        return new HardwareAddress(ETHERNET, octets);
    }

    /** False of a group's Ethernet address, and of nobody's, which is all zeros or empty; of other types nothing is known. */
    public boolean isOfOneMachine() {
        return type != ETHERNET
                || octets.length() > 0
                        && (octets.at(0) & 1) == 0
                        && !octets.equals(Octets.of(new byte[octets.length()]));
    }

    /** {@code AA-BB-CC-DD-EE-FF}; another type than Ethernet stands in front, as in {@code 6/AA-BB}. */
    @Override
    public String toString() {
        String text = DASHES.formatHex(octets.toArray());
        return type == ETHERNET ? text : type + "/" + text;
    }
}
