package org.jbootd.domain.net;

import java.util.regex.Pattern;

/** An IPv4 address; {@code bits} holds it in network order, most significant octet first. */
public record Ipv4(int bits) implements Comparable<Ipv4> {

    public static final Ipv4 UNSPECIFIED = new Ipv4(0);
    public static final Ipv4 BROADCAST = new Ipv4(-1);

    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    /**
     * Reads a dotted quad, and nothing else: no octal, no hexadecimal, no short forms.
     *
     * @throws IllegalArgumentException when {@code text} is not four decimal numbers of 0 to 255
     */
    public static Ipv4 parse(String text) {
        if (!DOTTED_QUAD.matcher(text).matches()) {
            throw notAnAddress(text);
        }
        int bits = 0;
        for (String part : text.split("\\.")) {
            int octet = Integer.parseInt(part);
            if (octet > 255 || part.length() > 1 && part.charAt(0) == '0') {
                throw notAnAddress(text);
            }
            bits = bits << 8 | octet;
        }
        return new Ipv4(bits);
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not an IPv4 address: write four numbers of 0 to 255, as in 10.0.0.1");
    }

    public static Ipv4 of(byte[] octets) {
        if (octets.length != 4) {
            throw new IllegalArgumentException("an IPv4 address has four octets, not " + octets.length);
        }
        return new Ipv4(
                (octets[0] & 0xff) << 24 | (octets[1] & 0xff) << 16 | (octets[2] & 0xff) << 8 | octets[3] & 0xff);
    }

    public byte[] octets() {
        return new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits};
    }

    public boolean isUnspecified() {
        return bits == 0;
    }

    /** True of an address that one host can have: not 0/8, 127/8, multicast, reserved or the limited broadcast. */
    public boolean isHost() {
        int first = bits >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    public Ipv4 plus(int steps) {
        return new Ipv4(bits + steps);
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
