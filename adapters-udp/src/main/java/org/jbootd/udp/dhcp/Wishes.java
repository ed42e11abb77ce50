package org.jbootd.udp.dhcp;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jbootd.domain.net.Octets;

/** The parameters a client asked for (RFC 2132 §9.8). */
record Wishes(Octets list) {

    static final Wishes NONE = new Wishes(Octets.EMPTY);

    Wishes(Options request) {
        this(request.get(OptionCode.PARAMETER_LIST).orElse(Octets.EMPTY));
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
