package org.jbootd.app.leases;

import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Ipv4;

/** What an operator wants of the leases. */
public sealed interface Order {

    Ipv4 address();

    /** Whoever has the address has it no more. */
    record Release(Ipv4 address) implements Order {}

    /** The address is kept for a client. */
    record Reserve(ClientIdentity client, Ipv4 address) implements Order {}

    /** A client has, or had, the address from another server. @param until {@link Instant#MAX} for ever */
    record TakeOver(ClientIdentity client, Optional<String> hostName, Ipv4 address, Instant until) implements Order {}

    /** What became of an order. @param text for the operator */
    record Outcome(Kind kind, String text) {

        /** {@link #REFUSED} and {@link #FAILED} change nothing. */
        public enum Kind {
            /** It is on disk; of a rehearsal: it could be done. */
            DONE,
            /** All was as ordered. */
            ALREADY_SO,
            /** It cannot be done as things are. */
            REFUSED,
            /** It could not be stored. */
            FAILED
        }

        static Outcome done(String text) {
            return new Outcome(Kind.DONE, text);
        }

        static Outcome alreadySo(String text) {
            return new Outcome(Kind.ALREADY_SO, text);
        }

        static Outcome refused(String text) {
            return new Outcome(Kind.REFUSED, text);
        }

        static Outcome failed(String text) {
            return new Outcome(Kind.FAILED, text);
        }
    }
}
