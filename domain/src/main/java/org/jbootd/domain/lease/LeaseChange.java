package org.jbootd.domain.lease;

/**
 * One step in the life of an address, as the history records it.
 *
 * @param lease the state after the step; of {@link Kind#ENDED} the last state before it, since nothing is left after
 */
public record LeaseChange(Kind kind, Lease lease) {

    /** Each kind is stored by {@link #code}, which never changes its meaning. */
    public enum Kind {
        BOUND(1),
        RENEWED(2),
        RELEASED(3),
        DECLINED(4),
        /** The address is nobody's any more: reclaimed for another machine, moved, or its quarantine is over. */
        ENDED(5),
        /** It is its client's as before, who is known by something else from now on: see {@link Rekeying}. */
        REKEYED(6);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
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
