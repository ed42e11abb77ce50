package org.jbootd.domain.transfer;

import java.util.concurrent.TimeUnit;

/**
 * One file on its way to one client, as a machine of events and steps: RFC 1350 §2 and §6, RFC 1123 §4.2.3, RFC 2347,
 * RFC 7440. It has no socket, no clock and no file. Whoever drives it reports what arrived, does the step that comes
 * back, and calls {@link #timeout} at the {@link #deadline}. Times are nanoseconds of one steady clock with any origin.
 * Once a step was {@link TransferStep.Abort} or {@link TransferStep.End}, every event is answered by
 * {@link TransferStep.Wait}. One thread.
 *
 * <p>The OACK counts as block 0, so that acknowledging and repeating it needs no rules of its own.
 *
 * <p><b>Repeating.</b> A window is repeated from its first unacknowledged block, at most {@value #REPETITIONS} times,
 * each wait twice the one before up to eight seconds. When the client did not ask for a timeout, one more repetition
 * comes early, as soon as the round trips seen so far say that something was lost (RFC 1123 §4.2.3.2 asks to adapt). A
 * duplicate acknowledgement never causes DATA (RFC 1123 §4.2.3.1, the Sorcerer's Apprentice); with windows it is also
 * how a client says that a window's first block is missing, so it brings that early repetition closer: a client that
 * really has everything acknowledges before it happens. Without windows it puts that early repetition off: DATA soon
 * after a duplicate would look like its consequence, and the client is there.
 *
 * <p><b>Before the first acknowledgement</b> nobody has shown that the request's sender exists. Until then one packet is
 * repeated once, and the transfer ends in silence: two packets for a forged request. A client that missed both asks
 * again, and {@link #askedAgain} repeats the packet for it.
 */
public final class ReadTransfer {

    /** {@link #deadline} of a transfer that is over. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Stands for the last block's number while that is not known. */
    public static final long END_UNKNOWN = Long.MAX_VALUE;

    static final int REPETITIONS = 5;

    private static final int REPETITIONS_FOR_STRANGERS = 1;
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(8);
    private static final long SHORTEST_EARLY_WAIT = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORTEST_GAP_WAIT = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SHORTEST_ASKED_AGAIN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CONTENT_PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private static final long UNKNOWN = -1;

    private static final TransferStep WAIT = new TransferStep.Wait();

    private final TransferTerms terms;
    private final long base;
    private long last;

    private long acknowledged;
    private long sent;
    private boolean confirmed;
    private boolean over;

    private long sentAt;
    private long deadline = NEVER;
    private int repetitions;
    private boolean earlyDone;
    private boolean repeated;
    private boolean postponed;
    private long roundTrip = UNKNOWN;
    private long repeatedPackets;

    /** @param lastBlock number of the last block, or {@link #END_UNKNOWN} until {@link #endsAt} tells */
    public ReadTransfer(TransferTerms terms, long lastBlock) {
        this.terms = terms;
        this.base = terms.timeout().toNanos();
        this.last = lastBlock;
        this.acknowledged = terms.acknowledged().isEmpty() ? 0 : -1;
        this.sent = acknowledged;
    }

    /** The number of the last block of {@code size} octets: the first that is shorter than a block, maybe empty. */
    public static long lastBlock(long size, int blockSize) {
        return size / blockSize + 1;
    }

    /** The first event. */
    public TransferStep start(long now) {
        return sendWindow(now);
    }

    /** An ACK of the client, with the number that it carried, 0 to 65535. */
    public TransferStep acknowledge(int block, long now) {
        long ahead = block - acknowledged & 0xffff;
        if (over || ahead > sent - acknowledged) {
            return WAIT; // of a block never sent, or an old one
        }
        if (ahead == 0) {
            return acknowledgedAgain(now);
        }
        measure(now);
        acknowledged += ahead;
        repeatedPackets += sent - acknowledged;
        confirmed = true;
        if (acknowledged == last) {
            return end(TransferOutcome.COMPLETE);
        }
        if (postponed) {
            sent = acknowledged;
            return WAIT;
        }
        return sendWindow(now);
    }

    private void measure(long now) {
        if (!repeated) {
            // Quick to believe that the client got slower, slow to believe the opposite.
            roundTrip = Math.max(now - sentAt, roundTrip - (roundTrip >> 3));
        }
    }

    private TransferStep acknowledgedAgain(long now) {
        if (earlyDone || postponed || repetitions > 0) {
            return WAIT;
        }
        if (terms.windowSize() == 1) {
            earlyDone = true;
            deadline = sentAt + base;
            return WAIT;
        }
        long soon = sentAt + Math.max(SHORTEST_GAP_WAIT, 2 * roundTrip);
        if (soon - deadline < 0) {
            deadline = Math.max(soon, now);
        }
        return WAIT;
    }

    /** The request came once more, from the same port: the client has not seen our answer. */
    public TransferStep askedAgain(long now) {
        if (over || confirmed || postponed || now - sentAt < SHORTEST_ASKED_AGAIN) {
            return WAIT;
        }
        repetitions = Math.max(0, repetitions - 1);
        return repeat(now);
    }

    /** The deadline has passed. Called too early it does nothing. */
    public TransferStep timeout(long now) {
        if (over || now - deadline < 0) {
            return WAIT;
        }
        if (postponed) {
            return abort(TransferError.READ_FAILED, TransferOutcome.READ_FAILED);
        }
        if (!earlyDone && repetitions == 0 && now - sentAt < base) {
            earlyDone = true;
            return repeat(now);
        }
        if (repetitions == (confirmed ? REPETITIONS : REPETITIONS_FOR_STRANGERS)) {
            return giveUp();
        }
        repetitions++;
        return repeat(now);
    }

    private TransferStep giveUp() {
        if (!confirmed) {
            return end(TransferOutcome.NEVER_ANSWERED);
        }
        return abort(
                TransferError.TIMED_OUT,
                sent == last && acknowledged == last - 1
                        ? TransferOutcome.LAST_ACK_MISSING
                        : TransferOutcome.TIMED_OUT);
    }

    private TransferStep repeat(long now) {
        repeated = true;
        TransferStep step = send(acknowledged + 1, now);
        repeatedPackets += sent - acknowledged;
        deadline = now + waitAfter(repetitions);
        return step;
    }

    private TransferStep sendWindow(long now) {
        repetitions = 0;
        repeated = false;
        earlyDone = false;
        TransferStep step = send(acknowledged + 1, now);
        deadline = now + firstWait();
        return step;
    }

    private long firstWait() {
        return terms.timeoutAgreed() || roundTrip == UNKNOWN
                ? base
                : Math.min(base, Math.max(SHORTEST_EARLY_WAIT, 4 * roundTrip));
    }

    private TransferStep send(long first, long now) {
        sentAt = now;
        if (first == 0) {
            sent = 0;
            return new TransferStep.SendOptions(terms.acknowledged());
        }
        sent = Math.min(last, acknowledged + terms.windowSize());
        return new TransferStep.SendBlocks(first, (int) (sent - first + 1));
    }

    private long waitAfter(int repetition) {
        return Math.max(base, Math.min(LONGEST_WAIT, base << repetition));
    }

    /**
     * The content of a step was not at hand, or the network did not take it.
     *
     * @param lastSent the last block that did leave
     */
    public void postpone(long lastSent, long now) {
        postponed = true;
        sent = lastSent;
        deadline = now + CONTENT_PATIENCE;
    }

    /** Whether a step waits for {@link #resume}. */
    public boolean isPostponed() {
        return postponed && !over;
    }

    /** What {@link #postpone} waited for is there. */
    public TransferStep resume(long now) {
        if (!isPostponed()) {
            return WAIT;
        }
        postponed = false;
        deadline = now + waitAfter(repetitions);
        return send(sent + 1, now);
    }

    /** What the last step was to send did not leave this machine: the step again, at once, at nobody's expense. */
    public TransferStep lost(long now) {
        return over || postponed ? WAIT : repeat(now);
    }

    /** The file ends with block {@code lastBlock}: found while a step was done. That block is on its way already. */
    public void endsAt(long lastBlock) {
        last = lastBlock;
        sent = Math.min(sent, lastBlock);
    }

    /** An ERROR of the client: it ends the transfer, and is never answered (RFC 1350 §7). */
    public TransferStep clientError() {
        return over ? WAIT : end(TransferOutcome.ENDED_BY_CLIENT);
    }

    /** The file cannot be read any further. */
    public TransferStep readFailed() {
        return over ? WAIT : abort(TransferError.READ_FAILED, TransferOutcome.READ_FAILED);
    }

    /** The server stops. */
    public TransferStep stop() {
        return over ? WAIT : abort(TransferError.STOPPING, TransferOutcome.STOPPED);
    }

    /** Others need its place; the client is not told, since it never showed that it exists, or has gone on already. */
    public TransferStep giveWay(TransferOutcome outcome) {
        return over ? WAIT : end(outcome);
    }

    private TransferStep abort(TransferError error, TransferOutcome outcome) {
        finish();
        return new TransferStep.Abort(error, outcome);
    }

    private TransferStep end(TransferOutcome outcome) {
        finish();
        return new TransferStep.End(outcome);
    }

    private void finish() {
        over = true;
        deadline = NEVER;
    }

    /** When {@link #timeout} is due; {@link #NEVER} once the transfer is over. Before {@link #start} it means nothing. */
    public long deadline() {
        return deadline;
    }

    /** Whether the client has acknowledged anything, and thereby shown that it exists. */
    public boolean isConfirmed() {
        return confirmed;
    }

    /** Whether the last block has been sent. */
    public boolean isLastSent() {
        return sent == last;
    }

    public boolean isOver() {
        return over;
    }

    /** When the last step was to send something. */
    public long sentAt() {
        return sentAt;
    }

    /** The last block acknowledged; 0 before any, -1 while an OACK is not acknowledged. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Packets sent more than once so far. */
    public long repeatedPackets() {
        return repeatedPackets;
    }
}
