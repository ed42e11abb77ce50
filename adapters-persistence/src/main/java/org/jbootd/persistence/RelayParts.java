package org.jbootd.persistence;

import java.util.Optional;
import org.jbootd.domain.net.Octets;

/** The sub-options of option 82 that have a column of their own (RFC 3046 §3). */
enum RelayParts {
    CIRCUIT_ID(1),
    REMOTE_ID(2);

    private final int code;

    RelayParts(int code) {
        this.code = code;
    }

    /** The first of this kind, as far as {@code information} can be read. */
    Optional<Octets> in(Octets information) {
        int at = 0;
        while (at + 2 <= information.length()) {
            int end = at + 2 + information.at(at + 1);
            if (end > information.length()) {
                return Optional.empty();
            }
            if (information.at(at) == code) {
                return Optional.of(information.slice(at + 2, end));
            }
            at = end;
        }
        return Optional.empty();
    }
}
