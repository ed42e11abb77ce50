package org.jbootd.domain.transfer;

import java.util.List;

/** What is to be done for a transfer now. */
public sealed interface TransferStep {

    /** Nothing, until the next event or the deadline. */
    record Wait() implements TransferStep {}

    /** Send an OACK (RFC 2347 §2). */
    record SendOptions(List<TransferOption> options) implements TransferStep {}

    /**
     * Send DATA of {@code count} blocks, or fewer if the file ends earlier.
     *
     * @param first counted from 1 without end; the wire shows its lowest 16 bits
     */
    record SendBlocks(long first, int count) implements TransferStep {}

    /** Send an ERROR; the transfer is over. */
    record Abort(TransferError error, TransferOutcome outcome) implements TransferStep {}

    /** Send nothing; the transfer is over. */
    record End(TransferOutcome outcome) implements TransferStep {}
}
