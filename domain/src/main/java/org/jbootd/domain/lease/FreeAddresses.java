package org.jbootd.domain.lease;

import java.util.BitSet;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/** The addresses of a pool that are nobody's: one bit each, so that a million of them cost an eighth of a megabyte. */
final class FreeAddresses {

    private final AddressPool pool;
    private final BitSet bits;

    /** No address below it is free; it spares the walk over those in use. */
    private int lowest;

    private int count;

    FreeAddresses(AddressPool pool) {
        this.pool = pool;
        this.bits = new BitSet(pool.count());
        this.lowest = pool.count();
    }

    /** @param address one of the pool */
    void add(Ipv4 address) {
        int index = (int) pool.indexOf(address);
        if (!bits.get(index)) {
            bits.set(index);
            count++;
            lowest = Math.min(lowest, index);
        }
    }

    void remove(Ipv4 address) {
        if (pool.contains(address) && bits.get((int) pool.indexOf(address))) {
            bits.clear((int) pool.indexOf(address));
            count--;
        }
    }

    /** The first one that is not before {@code index}, or the first of all behind the last one. */
    Optional<Ipv4> from(int index) {
        if (count == 0) {
            return Optional.empty();
        }
        int found = index > lowest ? bits.nextSetBit(index) : -1;
        if (found < 0) {
            lowest = bits.nextSetBit(lowest);
            found = lowest;
        }
        return Optional.of(pool.at(found));
    }

    int count() {
        return count;
    }
}
