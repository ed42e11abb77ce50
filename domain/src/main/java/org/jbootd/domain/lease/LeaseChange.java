package org.jbootd.domain.lease;

import java.time.Instant;
import java.util.List;
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

    /**
     * What becomes of the address of a client that has another one from now on, without having asked. It may use the former
     * one until its lease ends, so that this rests as long.
     */
    static List<LeaseChange> leaving(Lease former, Instant now) {
        if (former.state() != Lease.State.BOUND) {
            return List.of(new LeaseChange(Kind.MOVED, former));
        }
        return now.isBefore(former.until())
                ? List.of(new LeaseChange(Kind.MOVED, former), new LeaseChange(Kind.DECLINED, former.resting(now)))
                : List.of(
                        new LeaseChange(Kind.EXPIRED, former.expired()), new LeaseChange(Kind.MOVED, former.expired()));
    }

    /**
     * The same change, for what it came about by. Of what ends it is the cause alone: the message is that of whom it makes
     * room for, or tells of the lease that follows.
     */
    public LeaseChange by(Occasion how) {
        return new LeaseChange(kind, lease, kind.ends() ? Occasion.of(how.cause()) : how);
    }

    /** Each kind is stored by {@link #code}, which never changes its meaning. */
    public enum Kind {
        BOUND(1),
        RENEWED(2),
        RELEASED(3),
        /** It rests from now on: see {@link Lease.State#DECLINED}. */
        DECLINED(4),
        /** The address is nobody's any more: its quarantine is over, or an operator took it back. */
        ENDED(5),
        /** It is its client's as before, who is known by something else from now on: see {@link Rekeying}. */
        REKEYED(6),
        /** Its time is over. It stays its client's until somebody else needs it and may have it. */
        EXPIRED(7),
        /** Another client gets it, as its own does not use it any more; or its client goes on using it on another machine. */
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
