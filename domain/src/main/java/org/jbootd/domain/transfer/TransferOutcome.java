package org.jbootd.domain.transfer;

/** How a transfer ended. */
public enum TransferOutcome {
    /** Every block was acknowledged. */
    COMPLETE,
    /** Every block but the last was acknowledged; most likely it arrived, and its acknowledgement was lost. */
    LAST_ACK_MISSING,
    /** The client sent an ERROR. Firmware that only wants to know the size ends its probe like this. */
    ENDED_BY_CLIENT,
    /** The client stopped acknowledging. */
    TIMED_OUT,
    /** The client never acknowledged anything: it vanished, or the request's sender was forged. */
    NEVER_ANSWERED,
    /** A newer request of the same client port took its place. */
    REPLACED,
    /** It gave way to others before its client acknowledged anything. */
    CROWDED_OUT,
    /** The file could not be read to its end. */
    READ_FAILED,
    /** The server stopped. */
    STOPPED
}
