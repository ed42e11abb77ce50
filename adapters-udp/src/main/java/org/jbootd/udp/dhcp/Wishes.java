package org.jbootd.udp.dhcp;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jbootd.domain.net.Octets;

/** The parameters a client asked for (RFC 2132 §9.8). */
record Wishes(Octets list) {

    /** As many as one option holds, and more than there are codes. */
    static final int MAX_CODES = 255;

    static final Wishes NONE = new Wishes(Octets.EMPTY);

    /** The first {@value #MAX_CODES} of them: a list in many pieces would be gone through for each option of the reply. */
    Wishes(Options request) {
        this(request.get(OptionCode.PARAMETER_LIST)
                .map(list -> list.slice(0, Math.min(MAX_CODES, list.length())))
                .orElse(Octets.EMPTY));
    }

    /** In the client's order; empty when it does not say what it wants. */
    Optional<Stream<Integer>> codes() {
        return list.length() == 0
                ? Optional.empty()
                : Optional.of(IntStream.range(0, list.length()).mapToObj(list::at));
    }

    boolean include(int code) {
        for (int at = 0; at < list.length(); at++) {
            if (list.at(at) == code) {
                return true;
            }
        }
        return false;
    }
}
