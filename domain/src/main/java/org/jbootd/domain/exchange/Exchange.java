package org.jbootd.domain.exchange;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/** A message that is being worked on, until it has its answer. */
final class Exchange {

    private final Transaction transaction;
    private final ClientMessage message;
    private final Desk.Policy policy;
    private final Request request;
    private final Subnet subnet;
    private final CompletableFuture<Answer> answer;
    private int conflicts;
    private int lostRaces;
    private boolean caughtUp;

    /** Its machine had the address that it asks about when it was decided before. */
    private boolean hadIt;

    /** When its machine has waited for too long; null until it is decided for the first time. */
    private Instant patientUntil;

    private Verdict.Granted verdict = new Verdict.Granted(Optional.empty(), Optional.empty());

    /**
     * @param policy by which it is decided
     * @param request of the message, completed by what is remembered of the machine
     * @param answer that is waited for
     */
    Exchange(
            Transaction transaction,
            ClientMessage message,
            Desk.Policy policy,
            Request request,
            Subnet subnet,
            CompletableFuture<Answer> answer) {
        this.transaction = transaction;
        this.message = message;
        this.policy = policy;
        this.request = request;
        this.subnet = subnet;
        this.answer = answer;
    }

    Transaction transaction() {
        return transaction;
    }

    ClientMessage message() {
        return message;
    }

    Desk.Policy policy() {
        return policy;
    }

    Replies replies() {
        return policy.replies();
    }

    Request request() {
        return request;
    }

    Subnet subnet() {
        return subnet;
    }

    /** The address the message is about. */
    Ipv4 address() {
        return transaction.address();
    }

    /** The address that the machine names, if it names one. */
    Optional<Ipv4> named() {
        return Optional.of(address()).filter(address -> !address.isUnspecified());
    }

    /** Counts one more address that was found in use. @return how many there are */
    int countConflict() {
        return ++conflicts;
    }

    /** Counts one more decision that came too late. @return how many there are */
    int countLostRace() {
        return ++lostRaces;
    }

    /** Whether it is decided on what other servers have stored since it arrived. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    void caughtUp() {
        caughtUp = true;
    }

    /**
     * Its machine begins to wait for what is decided, unless it does already. What access control and the settings take is not
     * counted: a machine that they keep waiting asks again until it is served.
     */
    void decidedFrom(Instant now) {
        if (patientUntil == null) {
            patientUntil = now.plus(LeaseStore.PATIENCE);
        }
    }

    /** Another copy of the message has come: its machine waits as long again. */
    void heardAgain(Instant now) {
        if (patientUntil != null) {
            patientUntil = now.plus(LeaseStore.PATIENCE);
        }
    }

    /** Whether its machine has given up waiting, and may have moved on. */
    boolean isLate(Instant now) {
        return patientUntil != null && now.isAfter(patientUntil);
    }

    /**
     * Whether the address that a holder asks about was given back after it had asked, as far as is known: each message takes its
     * own way to one of the servers.
     *
     * @param mayBeOld whether what was heard may have waited before it was heard
     */
    boolean isOutrunByRelease(LeaseBook book, boolean mayBeOld) {
        Optional<Lease.State> state = asksAsHolder()
                ? book.memoryOf(request)
                        .filter(lease -> lease.address().equals(address()))
                        .map(Lease::state)
                : Optional.empty();
        boolean outrun = state.equals(Optional.of(Lease.State.RELEASED)) && (hadIt || mayBeOld);
        hadIt |= state.equals(Optional.of(Lease.State.BOUND));
        return outrun;
    }

    private boolean asksAsHolder() {
        return message instanceof ClientMessage.Reboot
                || message instanceof ClientMessage.Renew
                || message instanceof ClientMessage.Rebind;
    }

    /** Whether its machine wants the same as with {@code other}, and waits for that no more. */
    boolean isAskedInPlaceOf(Exchange other) {
        return transaction.client().equals(other.transaction.client())
                && transaction.kind() == other.transaction.kind()
                && address().equals(other.address());
    }

    /** What the message asks of the book. Not of those that get their answer without being written down. */
    Claim claim(LeaseBook book, Instant now) {
        if (message instanceof ClientMessage.Select) {
            return book.select(request, address(), now);
        }
        if (message instanceof ClientMessage.Reboot) {
            return book.confirm(request, address(), now);
        }
        if (message instanceof ClientMessage.Renew || message instanceof ClientMessage.Rebind) {
            return book.renew(request, address(), now);
        }
        if (message instanceof ClientMessage.Bootp) {
            return book.bootp(request, named(), now);
        }
        if (message instanceof ClientMessage.Release) {
            return book.release(request, address(), now);
        }
        if (message instanceof ClientMessage.Decline) {
            return book.decline(request, address(), now);
        }
        throw new AssertionError("unknown message " + message);
    }

    CompletableFuture<Answer> answer() {
        return answer;
    }

    /** {@link ClientMessage#givesBack} */
    boolean givesBack() {
        return message.givesBack();
    }

    Verdict.Granted verdict() {
        return verdict;
    }

    void admitted(Verdict.Granted verdict) {
        this.verdict = verdict;
    }
}
