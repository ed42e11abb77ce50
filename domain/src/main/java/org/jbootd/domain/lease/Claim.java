package org.jbootd.domain.lease;

import java.time.Duration;
import org.jbootd.domain.net.Ipv4;

/** What the lease book says to a client that asks for something to be written down. */
public sealed interface Claim {

    /** Yes, once {@code write} is on disk. The address is the client's against everybody else from now on. */
    record Granted(LeaseWrite write) implements Claim {}

    /** Yes, and nothing needs to be written: {@code lease} was made by the same request a moment ago. */
    record Kept(Lease lease) implements Claim {}

    /** Ask again when {@code write} is settled or abandoned: it concerns the same client. */
    record Busy(LeaseWrite write) implements Claim {}

    /** No. */
    record Refused(Refusal refusal) implements Claim {}

    /** Not to an operator: the settings say which address the client has. */
    record Configured(Ipv4 address) implements Claim {}

    /** Not to an operator now: the address is on offer to another client for that long. */
    record OnOffer(Duration left) implements Claim {}

    /** Why not. */
    enum Refusal {
        /** The address is of another network. */
        WRONG_NETWORK,
        /** The client has, or should have, another address. */
        WRONG_ADDRESS,
        /** Another client has the address, or it is reserved or rests. */
        TAKEN,
        /** No pool has the address, or this server or a router has it. */
        OUTSIDE_POOL,
        /** The client has no address here. */
        UNKNOWN_CLIENT,
        /** No address is left. */
        EXHAUSTED,
        /** RELEASE or DECLINE of an address that is not the sender's. */
        NOT_THE_HOLDER,
        /** The quarantine is full of declines that are still being written. */
        QUARANTINE_FULL
    }
}
