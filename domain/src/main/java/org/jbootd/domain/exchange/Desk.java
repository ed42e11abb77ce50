package org.jbootd.domain.exchange;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.lease.AddressProbe;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.LostRace;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/**
 * Answers clients: admit, decide, make durable, and only then tell. Confined to one thread, the one that runs
 * {@code loop}'s tasks; what the ports complete is moved on to it.
 */
public final class Desk implements BootService {

    /**
     * @param allowSimpleDhcp whether plain DHCP and BOOTP clients are served that never booted over the network
     * @param authoritative whether a client on the wrong network is told so
     * @param pingCheck whether an address that is new to its machine is asked for on the network first
     * @param exchangesInFlight how many messages may be worked on at once; more are {@link Reason#OVERLOADED}
     */
    public record Settings(boolean allowSimpleDhcp, boolean authoritative, boolean pingCheck, int exchangesInFlight) {

        public static final int EXCHANGES_IN_FLIGHT = 10_000;

        public Settings {
            if (exchangesInFlight < 1) {
                throw new IllegalArgumentException("at least one exchange is in flight, not " + exchangesInFlight);
            }
        }

        /** An authoritative server with the usual bound. */
        public static Settings of(boolean allowSimpleDhcp) {
            return new Settings(allowSimpleDhcp, true, false, EXCHANGES_IN_FLIGHT);
        }
    }

    /**
     * What a desk works with.
     *
     * @param loop runs tasks on the thread that calls {@link #answer}, in the order in which they are handed over
     * @param events hears of what is on disk, before its client does and after
     */
    public record Ports(LeaseStore store, InstantSource clock, Executor loop, EventSink events, AddressProbe probe) {}

    /** What {@link #adopt} exchanges. An exchange is decided and answered by one of them. */
    record Policy(AccessControl access, Settings settings, Replies replies) {

        Policy(AccessControl access, BootPlanner planner, Settings settings) {
            this(access, settings, new Replies(planner, settings.authoritative()));
        }
    }

    private static final Answer.Silence NOT_SERVED = new Answer.Silence(
            Reason.SIMPLE_CLIENT,
            "it never booted over the network here; [bootp] allow_simple_dhcp = on serves such machines, too");

    private static final Answer.Silence TOO_LATE =
            new Answer.Silence(Reason.STORE_UNAVAILABLE, "it took longer than the machine waits, which asks again");

    private static final Answer.Silence ASKED_ANEW =
            new Answer.Silence(Reason.OVERLOADED, "the machine has asked anew while the store was busy with it");

    private static final Answer.Silence GIVEN_BACK = new Answer.Silence(
            Reason.NOT_THE_HOLDER, "its machine has given the address back at another server meanwhile");

    /** After so many decisions that came too late for one message it is left to the machine to try again. */
    private static final int MOST_LOST_RACES = 3;

    private final LeaseBook book;
    private final InstantSource clock;
    private final Probing probing;
    private final Bookkeeping bookkeeping;
    private final ExchangesInFlight inFlight;
    private final MachineMemory memory;
    private final Standstill standstill = new Standstill();
    private Policy policy;

    /** A desk that nobody listens to, and that asks nobody about addresses. */
    public Desk(
            LeaseBook book,
            AccessControl access,
            BootPlanner planner,
            LeaseStore store,
            InstantSource clock,
            Executor loop,
            Settings settings) {
        this(book, access, planner, settings, new Ports(store, clock, loop, EventSink.NOBODY, AddressProbe.NONE));
    }

    public Desk(LeaseBook book, AccessControl access, BootPlanner planner, Settings settings, Ports ports) {
        this.book = book;
        this.policy = new Policy(access, planner, settings);
        this.clock = ports.clock();
        this.probing = new Probing(ports.probe());
        this.bookkeeping = new Bookkeeping(book, ports.store(), ports.clock(), ports.loop());
        this.inFlight = new ExchangesInFlight(ports.loop(), ports.events());
        this.memory = new MachineMemory(book);
    }

    /**
     * Goes on by other settings, for the same networks, from the next message on. What is on its way to disk is answered
     * as it was decided; every other exchange under way begins again, as if it had arrived just now.
     *
     * @throws IllegalArgumentException when {@link LeaseBook#adopt} refuses the subnets; nothing is changed then
     */
    public void adopt(List<Subnet> subnets, AccessControl access, BootPlanner planner, Settings settings) {
        book.adopt(subnets, clock.instant());
        policy = new Policy(access, planner, settings);
    }

    /** The live leases that {@link #adopt} would leave with an address that cannot stay theirs. */
    public List<Lease> orphans(List<Subnet> subnets) {
        return book.orphans(subnets, clock.instant());
    }

    @Override
    public CompletionStage<Answer> answer(ClientMessage message) {
        Instant now = clock.instant();
        boolean mayBeOld = standstill.mayBeOld(now);
        Optional<Subnet> subnet = book.subnetFor(message, now);
        if (subnet.isEmpty()) {
            return silence(
                    Reason.NO_SUBNET, "no subnet is called " + message.request().subnet());
        }
        if (message.isForAnotherThan(subnet.get().server())) {
            return otherServer(message);
        }
        if (mayBeOld && message.givesBack() && bookkeeping.isShared()) {
            return silence(
                    Reason.OVERLOADED,
                    "this server stood still, and another may have given the machine its address again meanwhile");
        }
        Transaction transaction = Transaction.of(message);
        Optional<Exchange> same = inFlight.of(transaction);
        same.ifPresent(exchange -> exchange.heardAgain(now));
        return same.isPresent()
                ? same.get().answer()
                : open(exchange(transaction, message, subnet.get(), new CompletableFuture<>()));
    }

    private Exchange exchange(
            Transaction transaction, ClientMessage message, Subnet subnet, CompletableFuture<Answer> answer) {
        // nobody is asked about what gives back, so it may change nothing of who the machine is
        Request request = message.givesBack() ? message.request().withoutClaims() : message.request();
        return new Exchange(transaction, message, policy, memory.complete(request, subnet), subnet, answer);
    }

    private static CompletionStage<Answer> silence(Reason reason, String detail) {
        return CompletableFuture.completedStage(new Answer.Silence(reason, detail));
    }

    /** Silence, and if the client took the other server's offer, ours is free again (RFC 2131 §3.1 step 4). */
    private CompletionStage<Answer> otherServer(ClientMessage message) {
        if (message instanceof ClientMessage.Select) {
            book.withdraw(message.request(), clock.instant());
        }
        return silence(Reason.NOT_OUR_SERVER, "");
    }

    private CompletionStage<Answer> open(Exchange exchange) {
        if (inFlight.isStopping()) {
            return silence(Reason.STOPPING, "");
        }
        if (exchange.request().client().hardware().octets().length() == 0) {
            return silence(Reason.MALFORMED, "no hardware address");
        }
        if (!exchange.givesBack() && !isServed(exchange.request())) {
            return CompletableFuture.completedStage(NOT_SERVED);
        }
        if (inFlight.size() >= policy.settings().exchangesInFlight()) {
            return silence(Reason.OVERLOADED, inFlight.size() + " exchanges in flight");
        }
        inFlight.add(exchange);
        begin(exchange);
        return exchange.answer();
    }

    private void begin(Exchange exchange) {
        if (exchange.givesBack()) {
            decide(exchange);
        } else {
            inFlight.goOn(
                    exchange,
                    Admission.ask(exchange.policy().access(), exchange.request()),
                    (verdict, failure) -> admit(exchange, verdict, failure));
        }
    }

    /** The settings have changed since the exchange began: it begins again. */
    private void beginAgain(Exchange former) {
        Subnet subnet = book.subnetFor(former.message(), clock.instant()).orElseThrow();
        Exchange exchange = exchange(former.transaction(), former.message(), subnet, former.answer());
        inFlight.replace(former, exchange);
        if (!exchange.givesBack() && !isServed(exchange.request())) {
            finish(exchange, NOT_SERVED);
        } else {
            begin(exchange);
        }
    }

    /** Without {@code allow_simple_dhcp}, only machines that boot over the network, or did. */
    private boolean isServed(Request request) {
        return policy.settings().allowSimpleDhcp() || request.networkBooted();
    }

    private void admit(Exchange exchange, Verdict verdict, Throwable failure) {
        if (exchange.policy() != policy) {
            beginAgain(exchange);
        } else if (verdict instanceof Verdict.Granted granted) {
            exchange.admitted(granted);
            decide(exchange);
        } else {
            finish(exchange, Admission.refusal(verdict, failure));
        }
    }

    private void decide(Exchange exchange) {
        if (exchange.policy() != policy) {
            beginAgain(exchange);
            return;
        }
        Instant now = clock.instant();
        exchange.decidedFrom(now);
        if (exchange.isLate(now)) {
            finish(exchange, TOO_LATE);
        } else if (bookkeeping.isShared() && exchange.isOutrunByRelease(book, standstill.mayBeOld(now))) {
            finish(exchange, GIVEN_BACK);
        } else {
            decide(exchange, now);
        }
    }

    private void decide(Exchange exchange, Instant now) {
        if (exchange.message() instanceof ClientMessage.Discover) {
            Optional<Ipv4> address = book.offer(exchange.request(), exchange.named(), now);
            if (!probe(exchange, address, now)) {
                finish(exchange, exchange.replies().offer(exchange, address));
            }
        } else if (exchange.message() instanceof ClientMessage.Bootp) {
            Optional<Ipv4> address = policy.settings().pingCheck()
                    ? book.offer(exchange.request(), exchange.named(), now)
                    : Optional.empty();
            if (!probe(exchange, address, now)) {
                conclude(exchange, exchange.claim(book, now));
            }
        } else if (exchange.message() instanceof ClientMessage.Inform) {
            finish(exchange, exchange.replies().inform(exchange));
        } else {
            conclude(exchange, exchange.claim(book, now));
        }
    }

    /** Asks the network about an address that is held for a machine, if that has to be; the exchange goes on afterwards. */
    private boolean probe(Exchange exchange, Optional<Ipv4> address, Instant now) {
        boolean needed = policy.settings().pingCheck()
                && address.filter(fresh -> probing.isNeeded(fresh, exchange.request(), exchange.subnet(), now))
                        .isPresent();
        if (needed) {
            Ipv4 fresh = address.get();
            inFlight.goOn(
                    exchange,
                    probing.ask(fresh, exchange.request()),
                    (inUse, failure) -> probed(exchange, fresh, Boolean.TRUE.equals(inUse)));
        }
        return needed;
    }

    private void probed(Exchange exchange, Ipv4 address, boolean inUse) {
        Instant now = clock.instant();
        if (!inUse) {
            probing.foundFree(
                    address, exchange.request(), now.plus(exchange.subnet().offerTimeout()));
            decide(exchange);
        } else if (exchange.countConflict() > Probing.MOST_CONFLICTS) {
            finish(exchange, new Answer.Silence(Reason.POOL_EXHAUSTED, address + " is in use, as were others before"));
        } else {
            conclude(exchange, book.decline(exchange.request(), address, now));
        }
    }

    private void conclude(Exchange exchange, Claim claim) {
        if (claim instanceof Claim.Granted granted) {
            store(exchange, granted.write());
        } else if (claim instanceof Claim.Kept kept) {
            keep(exchange, kept.lease());
        } else if (claim instanceof Claim.Busy busy) {
            bookkeeping
                    .await(busy.write(), exchange, () -> decide(exchange))
                    .forEach(outdated -> finish(outdated, ASKED_ANEW));
        } else if (claim instanceof Claim.Refused refused) {
            refuse(exchange, refused.refusal());
        } else {
            throw new AssertionError("unknown claim " + claim);
        }
    }

    private void store(Exchange exchange, LeaseWrite write) {
        inFlight.goOn(
                exchange,
                bookkeeping.commit(write, Occasions.of(exchange, write)),
                (nothing, failure) -> stored(exchange, write, failure));
    }

    private void stored(Exchange exchange, LeaseWrite write, Throwable failure) {
        Instant now = clock.instant();
        bookkeeping.conclude(write, failure, now, () -> {
            if (failure != null) {
                failed(exchange, failure);
            } else if (Occasions.isConflict(exchange, write)) {
                decide(exchange);
            } else {
                reply(exchange, write.lease());
            }
        });
    }

    /** A copy of a request stores nothing, and so has yet to find out whether what the first was granted is true still. */
    private void keep(Exchange exchange, Lease lease) {
        if (isCaughtUp(exchange)) {
            reply(exchange, lease);
        } else {
            catchUp(exchange);
        }
    }

    /** Tells of what is stored, unless its machine has stopped waiting for that. */
    private void reply(Exchange exchange, Lease lease) {
        Instant now = clock.instant();
        boolean late = exchange.isLate(now) && !exchange.givesBack();
        finish(exchange, late ? TOO_LATE : exchange.replies().done(exchange, lease, now));
    }

    /** Where other servers store too, no machine is refused for what they may have changed meanwhile. */
    private void refuse(Exchange exchange, Claim.Refusal refusal) {
        if (isCaughtUp(exchange)) {
            finish(exchange, exchange.replies().refusal(exchange, refusal));
        } else {
            catchUp(exchange);
        }
    }

    private boolean isCaughtUp(Exchange exchange) {
        return !bookkeeping.isShared() || exchange.isCaughtUp();
    }

    /** Decides again with all that other servers have stored until now. */
    private void catchUp(Exchange exchange) {
        inFlight.goOn(exchange, bookkeeping.catchUp(), (nothing, failure) -> {
            if (failure == null) {
                exchange.caughtUp();
                decide(exchange);
            } else {
                failed(exchange, failure);
            }
        });
    }

    /** What was decided too late is decided again, a few times; else the machine asks again. */
    private void failed(Exchange exchange, Throwable failure) {
        boolean lost = Admission.unwrapped(failure) instanceof LostRace;
        if (lost && exchange.givesBack()) {
            // the machine may have booted again at another server, and have its address anew
            finish(exchange, new Answer.Silence(Reason.NOT_THE_HOLDER, Bookkeeping.why(failure)));
        } else if (lost && exchange.countLostRace() <= MOST_LOST_RACES) {
            decide(exchange);
        } else {
            Reason reason = lost ? Reason.OVERTAKEN : Reason.STORE_UNAVAILABLE;
            finish(exchange, new Answer.Silence(reason, Bookkeeping.why(failure)));
        }
    }

    private void finish(Exchange exchange, Answer answer) {
        if (!(answer instanceof Answer.Silence)) {
            memory.answered(exchange.request());
        }
        inFlight.finish(exchange, answer);
    }

    /** What other servers have stored, to be told to {@link LeaseStore#follow}. Of any thread. */
    public CompletionStage<Void> learn(List<LeaseFollower.Standing> changed) {
        return bookkeeping.learn(changed);
    }

    /** Records what the mere passing of time has done to leases. To be called once a second, which tells that time passes. */
    public void passTime() {
        standstill.sign(clock.instant());
        if (!inFlight.isStopping()) {
            bookkeeping.expire();
        }
    }

    /**
     * Carries out what an operator wants, on the deciding thread. Where other servers store too, it knows what they have stored
     * until now.
     *
     * @param cause for the history
     * @return completes with the claim once it is on disk, at once when it is not granted, exceptionally when it cannot be
     *     stored; of one that is {@link Claim.Busy} nothing has been done
     */
    public CompletionStage<Claim> order(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        return bookkeeping.order(wish, cause);
    }

    /** Takes no new messages. Completes when those being worked on have their answer. */
    public CompletionStage<Void> stop() {
        return inFlight.stop();
    }
}
