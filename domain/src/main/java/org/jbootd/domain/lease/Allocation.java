package org.jbootd.domain.lease;

import org.jbootd.domain.client.ClientKey;

/** Which of the addresses that never were anybody's a new machine gets. */
public enum Allocation {
    /** The lowest. */
    SEQUENTIAL {
        @Override
        int start(ClientKey client, int count) {
            return 0;
        }
    },
    /** One that follows from what the machine is known by, so that servers that do not talk to each other choose the same; else the next. */
    HASHED {
        @Override
        int start(ClientKey client, int count) {
            return Math.floorMod(mixed(client.toString().hashCode()), count);
        }
    };

    /** Where in a pool of {@code count} addresses the search begins; the same in every run. */
    abstract int start(ClientKey client, int count);

    /** Addresses of machines that were bought together differ in the last digits only: spreads them (MurmurHash3's last step). */
    private static int mixed(int hash) {
        int mixed = hash;
        mixed = (mixed ^ mixed >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }
}
