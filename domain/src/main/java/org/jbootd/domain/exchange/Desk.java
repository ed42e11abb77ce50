package org.jbootd.domain.exchange;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.lease.AddressProbe;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.LostRace;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
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

    /** After so many decisions that came too late for one message it is left to the machine to try again. */
    private static final int MOST_LOST_RACES = 3;

    private final LeaseBook book;
    private final LeaseStore store;
    private final InstantSource clock;
    private final Executor loop;
    private final EventSink events;
    private final Probing probing;
    private final NetworkBooters booters = new NetworkBooters();
    private final Map<Transaction, Exchange> inFlight = new HashMap<>();

    /** For each write under way, the exchanges that are decided after it. */
    private final Map<LeaseWrite, List<Exchange>> waiting = new HashMap<>();

    private final Standstill standstill = new Standstill();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private Policy policy;

    /** Leases that ran out and are being recorded. */
    private int expiring;

    private boolean stopping;

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
        this.store = ports.store();
        this.clock = ports.clock();
        this.loop = ports.loop();
        this.events = ports.events();
        this.probing = new Probing(ports.probe());
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
        if (namesAnotherServer(message, subnet.get())) {
            return otherServer(message);
        }
        if (mayBeOld && message.givesBack() && store.isShared()) {
            return silence(
                    Reason.OVERLOADED,
                    "this server stood still, and another may have given the machine its address again meanwhile");
        }
        Transaction transaction = Transaction.of(message);
        Exchange same = inFlight.get(transaction);
        return same != null
                ? same.answer()
                : open(exchange(transaction, message, subnet.get(), new CompletableFuture<>()));
    }

    private Exchange exchange(
            Transaction transaction, ClientMessage message, Subnet subnet, CompletableFuture<Answer> answer) {
        // nobody is asked about what gives back, so it may change nothing of who the machine is
        Request request = message.givesBack() ? message.request().withoutClaims() : message.request();
        return new Exchange(transaction, message, policy, remembered(request, subnet), subnet, answer);
    }

    private static CompletionStage<Answer> silence(Reason reason, String detail) {
        return CompletableFuture.completedStage(new Answer.Silence(reason, detail));
    }

    private static boolean namesAnotherServer(ClientMessage message, Subnet subnet) {
        Optional<Ipv4> server = Optional.empty();
        if (message instanceof ClientMessage.Select select) {
            server = Optional.of(select.server());
        } else if (message instanceof ClientMessage.Decline decline) {
            server = decline.server();
        } else if (message instanceof ClientMessage.Release release) {
            server = release.server();
        }
        return server.filter(named -> !named.equals(subnet.server())).isPresent();
    }

    /** Silence, and if the client took the other server's offer, ours is free again (RFC 2131 §3.1 step 4). */
    private CompletionStage<Answer> otherServer(ClientMessage message) {
        if (message instanceof ClientMessage.Select) {
            book.withdraw(message.request(), clock.instant());
        }
        return silence(Reason.NOT_OUR_SERVER, "");
    }

    /** What the firmware told stands for the operating system too, which tells neither UUID nor network boot. */
    private Request remembered(Request request, Subnet subnet) {
        HardwareAddress hardware = request.client().hardware();
        Optional<Lease> memory = book.memoryOf(request);
        Optional<Lease> machine = book.memoryOfMachine(request).or(() -> memory);
        Optional<UUID> uuid = request.client()
                .uuid()
                .or(() -> booters.uuid(hardware))
                .or(() -> machine.flatMap(lease -> lease.client().uuid()));
        return new Request(
                request.xid(),
                request.client().with(uuid),
                request.stage(),
                subnet.name(),
                request.relay(),
                request.architectures(),
                request.hostName(),
                request.relayInformation(),
                memory.filter(lease -> lease.state() != Lease.State.DECLINED).map(Lease::address),
                booters.contains(hardware)
                        || machine.filter(Lease::networkBooted).isPresent()
                        || memory.filter(Lease::networkBooted).isPresent());
    }

    private CompletionStage<Answer> open(Exchange exchange) {
        if (stopping) {
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
        inFlight.put(exchange.transaction(), exchange);
        begin(exchange);
        return exchange.answer();
    }

    private void begin(Exchange exchange) {
        if (exchange.givesBack()) {
            decide(exchange);
        } else {
            onLoop(
                    exchange,
                    Admission.ask(exchange.policy().access(), exchange.request()),
                    (verdict, failure) -> admit(exchange, verdict, failure));
        }
    }

    /** The settings have changed since the exchange began: it begins again. */
    private void beginAgain(Exchange former) {
        Subnet subnet = book.subnetFor(former.message(), clock.instant()).orElseThrow();
        Exchange exchange = exchange(former.transaction(), former.message(), subnet, former.answer());
        inFlight.replace(former.transaction(), former, exchange);
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
                conclude(exchange, claim(exchange, now));
            }
        } else if (exchange.message() instanceof ClientMessage.Inform) {
            finish(exchange, exchange.replies().inform(exchange));
        } else {
            conclude(exchange, claim(exchange, now));
        }
    }

    /** Asks the network about an address that is held for a machine, if that has to be; the exchange goes on afterwards. */
    private boolean probe(Exchange exchange, Optional<Ipv4> address, Instant now) {
        boolean needed = policy.settings().pingCheck()
                && address.filter(fresh -> probing.isNeeded(fresh, exchange.request(), exchange.subnet(), now))
                        .isPresent();
        if (needed) {
            Ipv4 fresh = address.get();
            onLoop(
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

    private Claim claim(Exchange exchange, Instant now) {
        ClientMessage message = exchange.message();
        if (message instanceof ClientMessage.Select) {
            return book.select(exchange.request(), exchange.address(), now);
        }
        if (message instanceof ClientMessage.Reboot
                || message instanceof ClientMessage.Renew
                || message instanceof ClientMessage.Rebind) {
            return book.confirm(exchange.request(), exchange.address(), now);
        }
        if (message instanceof ClientMessage.Bootp) {
            return book.bootp(exchange.request(), exchange.named(), now);
        }
        if (message instanceof ClientMessage.Release) {
            return book.release(exchange.request(), exchange.address(), now);
        }
        if (message instanceof ClientMessage.Decline) {
            return book.decline(exchange.request(), exchange.address(), now);
        }
        throw new AssertionError("unknown message " + message);
    }

    private void conclude(Exchange exchange, Claim claim) {
        if (claim instanceof Claim.Granted granted) {
            store(exchange, granted.write());
        } else if (claim instanceof Claim.Kept kept) {
            keep(exchange, kept.lease());
        } else if (claim instanceof Claim.Busy busy) {
            waiting.get(busy.write()).add(exchange);
        } else if (claim instanceof Claim.Refused refused) {
            refuse(exchange, refused.refusal());
        } else {
            throw new AssertionError("unknown claim " + claim);
        }
    }

    /** A copy of a request stores nothing, and so has yet to find out whether what the first was granted is true still. */
    private void keep(Exchange exchange, Lease lease) {
        if (isCaughtUp(exchange)) {
            finish(exchange, exchange.replies().done(exchange, lease, clock.instant()));
        } else {
            catchUp(exchange);
        }
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
        return !store.isShared() || exchange.isCaughtUp();
    }

    /** Decides again with all that other servers have stored until now. */
    private void catchUp(Exchange exchange) {
        onLoop(exchange, catchUp(), (nothing, failure) -> {
            if (failure == null) {
                exchange.caughtUp();
                decide(exchange);
            } else {
                failed(exchange, failure);
            }
        });
    }

    /** Completes once the book knows all that other servers have stored until now. */
    private CompletionStage<Void> catchUp() {
        // what is told meanwhile may have to wait for a write of another machine's
        return commit(List.of()).thenComposeAsync(nothing -> book.learn(List.of(), clock.instant()), loop);
    }

    /** What was decided too late is decided again, a few times; else the machine asks again. */
    private void failed(Exchange exchange, Throwable failure) {
        boolean lost = Admission.unwrapped(failure) instanceof LostRace;
        if (lost && exchange.givesBack()) {
            // the machine may have booted again at another server, and have its address anew
            finish(exchange, new Answer.Silence(Reason.NOT_THE_HOLDER, why(failure)));
        } else if (lost && exchange.countLostRace() <= MOST_LOST_RACES) {
            decide(exchange);
        } else {
            finish(exchange, new Answer.Silence(Reason.STORE_UNAVAILABLE, why(failure)));
        }
    }

    /** What other servers have stored, to be told to {@link LeaseStore#follow}. Of any thread. */
    public CompletionStage<Void> learn(List<LeaseFollower.Standing> changed) {
        return CompletableFuture.supplyAsync(() -> book.learn(changed, clock.instant()), loop)
                .thenCompose(learned -> learned);
    }

    private void store(Exchange exchange, LeaseWrite write) {
        waiting.put(write, new ArrayList<>());
        onLoop(
                exchange,
                commit(write, Occasions.of(exchange, write)),
                (nothing, failure) -> stored(exchange, write, failure));
    }

    private CompletionStage<Void> commit(LeaseWrite write, Occasion occasion) {
        return commit(
                write.changes().stream().map(change -> change.by(occasion)).toList());
    }

    private CompletionStage<Void> commit(List<LeaseChange> changes) {
        try {
            return Objects.requireNonNull(store.commit(changes), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** Records what the mere passing of time has done to leases. To be called once a second, which tells that time passes. */
    public void passTime() {
        standstill.sign(clock.instant());
        if (stopping || expiring > 0) {
            return;
        }
        List<LeaseWrite> writes = book.expire(clock.instant());
        expiring = writes.size();
        // what could not be stored is tried again
        writes.forEach(write -> store(write, Occasion.of(Cause.TIME)).whenComplete((nothing, failure) -> expiring--));
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
        return store.isShared()
                ? catchUp().thenComposeAsync(nothing -> carryOut(wish, cause), loop)
                : carryOut(wish, cause);
    }

    private CompletionStage<Claim> carryOut(BiFunction<LeaseBook, Instant, Claim> wish, Cause cause) {
        Claim claim = wish.apply(book, clock.instant());
        return claim instanceof Claim.Granted granted
                ? store(granted.write(), Occasion.of(cause)).thenApply(nothing -> claim)
                : CompletableFuture.completedStage(claim);
    }

    /** Nobody is answered by it. */
    private CompletionStage<Void> store(LeaseWrite write, Occasion occasion) {
        waiting.put(write, new ArrayList<>());
        return commit(write, occasion)
                .whenCompleteAsync(
                        (nothing, failure) -> {
                            Instant now = clock.instant();
                            if (failure == null) {
                                book.settle(write, now);
                            } else {
                                book.abandon(write, now);
                            }
                            waiting.remove(write).forEach(this::decide);
                        },
                        loop);
    }

    private void stored(Exchange exchange, LeaseWrite write, Throwable failure) {
        Instant now = clock.instant();
        if (failure == null) {
            book.settle(write, now);
            if (Occasions.isConflict(exchange, write)) {
                decide(exchange);
            } else {
                finish(exchange, exchange.replies().done(exchange, write.lease(), now));
            }
        } else {
            book.abandon(write, now);
            failed(exchange, failure);
        }
        waiting.remove(write).forEach(this::decide);
    }

    private static String why(Throwable failure) {
        Throwable cause = Admission.unwrapped(failure);
        return cause instanceof StoreUnavailable || cause instanceof LostRace
                ? cause.getMessage()
                : String.valueOf(cause);
    }

    private <T> void onLoop(Exchange exchange, CompletionStage<T> stage, BiConsumer<T, Throwable> next) {
        stage.handleAsync(
                        (value, failure) -> {
                            next.accept(value, failure);
                            return null;
                        },
                        loop)
                .exceptionally(failure -> {
                    finish(exchange, new Answer.Silence(Reason.OVERLOADED, "not carried out: " + failure));
                    return null;
                });
    }

    private void finish(Exchange exchange, Answer answer) {
        inFlight.remove(exchange.transaction(), exchange);
        if (exchange.request().stage().networkBoots() && !(answer instanceof Answer.Silence)) {
            booters.add(
                    exchange.request().client().hardware(),
                    exchange.request().client().uuid());
        }
        Optional<MachineEvent> event = event(exchange, answer);
        event.ifPresent(events::tell);
        exchange.answer().complete(answer);
        // behind the task that sends what is ready to be sent
        event.ifPresent(told -> loop.execute(() -> events.answered(told)));
        if (stopping && inFlight.isEmpty()) {
            stopped.complete(null);
        }
    }

    private static Optional<MachineEvent> event(Exchange exchange, Answer answer) {
        if (answer instanceof Answer.Ack ack) {
            return Optional.of(given(exchange, ack.terms()));
        }
        if (answer instanceof Answer.BootReply reply) {
            return Optional.of(given(exchange, reply.terms()));
        }
        boolean released = exchange.message() instanceof ClientMessage.Release
                && answer instanceof Answer.Silence silence
                && silence.reason() == Reason.DONE;
        return released
                ? Optional.of(new MachineEvent.Released(exchange.request(), exchange.address()))
                : Optional.empty();
    }

    private static MachineEvent given(Exchange exchange, Answer.Terms terms) {
        return new MachineEvent.Given(
                exchange.request(), terms.address(), exchange.verdict().bootFile());
    }

    /** Takes no new messages. Completes when those being worked on have their answer. */
    public CompletionStage<Void> stop() {
        stopping = true;
        if (inFlight.isEmpty()) {
            stopped.complete(null);
        }
        return stopped;
    }
}
