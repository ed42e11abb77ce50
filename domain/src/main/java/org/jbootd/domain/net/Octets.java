package org.jbootd.domain.net;

import java.util.Arrays;
import java.util.HexFormat;

/** Octets that cannot change, compared by content. */
public final class Octets {

    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** @param hex digits without separators, an even number of them */
    public static Octets parseHex(String hex) {
        return new Octets(HexFormat.of().parseHex(hex));
    }

    public int length() {
        return bytes.length;
    }

    /** The octet at {@code index}, 0 to 255. */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    public Octets slice(int from, int to) {
        return of(Arrays.copyOfRange(bytes, from, to));
    }

    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
    }

    /** Spreads what differs in few places, as the MAC addresses of one maker do: {@link Arrays#hashCode} has one value for many. */
    @Override
    public int hashCode() {
        int hash = 0;
        for (byte octet : bytes) {
            hash = (hash ^ octet) * 0x9e3779b1;
            hash ^= hash >>> 15;
        }
        return hash;
    }

    @Override
    public String toString() {
        return toHex();
    }
}
