package org.jbootd.domain.lease;

import org.jbootd.domain.net.Ipv4;

/** The addresses this server may hand out: {@code count} of them, starting at {@code first}; {@code count} may be 0. */
public record AddressPool(Ipv4 first, int count) {

    public AddressPool {
        if (count < 0) {
            throw new IllegalArgumentException("a pool holds no negative number of addresses: " + count);
        }
        if (Integer.toUnsignedLong(first.bits()) + count > 1L << 32) {
            throw new IllegalArgumentException("a pool of " + count + " from " + first + " runs past 255.255.255.255");
        }
    }

    public boolean contains(Ipv4 address) {
        long index = indexOf(address);
        return index >= 0 && index < count;
    }

    /** How many steps {@code address} is behind {@link #first}; negative or beyond {@link #count} when outside. */
    public long indexOf(Ipv4 address) {
        return Integer.toUnsignedLong(address.bits()) - Integer.toUnsignedLong(first.bits());
    }

    public Ipv4 at(int index) {
        return first.plus(index);
    }
}
