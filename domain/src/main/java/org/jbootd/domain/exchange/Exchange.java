package org.jbootd.domain.exchange;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.LeaseBook;
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
