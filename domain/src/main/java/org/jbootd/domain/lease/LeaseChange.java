package org.jbootd.domain.lease;

import java.util.Objects;

/**
 * One step in the life of an address, as the history records it.
 *
 * @param lease the state after the step; where nothing is left after it ({@link Kind#ends}), the last state before
 */
public record LeaseChange(Kind kind, Lease lease, Occasion occasion) {

    public LeaseChange {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(lease, "lease");
        Objects.requireNonNull(occasion, "occasion");
    }

    /** A change of which nothing more is known. */
    public LeaseChange(Kind kind, Lease lease) {
        this(kind, lease, Occasion.UNKNOWN);
    }

    /** What is left of somebody, or of a quarantine, at an address that goes to a client. */
    public static LeaseChange ending(Lease lease) {
        return new LeaseChange(lease.isOwned() ? Kind.RECLAIMED : Kind.ENDED, lease);
    }

    /** The same change, for what it came about by. */
    public LeaseChange by(Occasion how) {
        return new LeaseChange(kind, lease, how);
    }

    /** Each kind is stored by {@link #code}, which never changes its meaning. */
    public enum Kind {
        BOUND(1),
        RENEWED(2),
        RELEASED(3),
        DECLINED(4),
        /** The address is nobody's any more: its quarantine is over, or an operator took it back. */
        ENDED(5),
        /** It is its client's as before, who is known by something else from now on: see {@link Rekeying}. */
        REKEYED(6),
        /** Its time is over. It stays its client's until somebody else needs it and may have it. */
        EXPIRED(7),
        /** Its client does not use it any more, and another one gets it. */
        RECLAIMED(8),
        /** Its client has another address from now on. */
        MOVED(9),
        /** An operator keeps it for a client, whatever happens. */
        RESERVED(10),
        /** It was its client's on another server. */
        IMPORTED(11);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** Whether nothing is known of the address afterwards. */
        public boolean ends() {
            return this == ENDED || this == RECLAIMED || this == MOVED;
        }

        /** @throws IllegalArgumentException for a code that no kind has */
        public static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of lease change has code " + code);
        }
    }
}
