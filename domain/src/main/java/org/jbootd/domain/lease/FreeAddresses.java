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

    Optional<Ipv4> lowest() {
        if (count == 0) {
            return Optional.empty();
        }
        lowest = bits.nextSetBit(lowest);
        return Optional.of(pool.at(lowest));
    }

    int count() {
        return count;
    }
}
