package org.jbootd.domain.simulation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Subnet;

/**
 * One of several servers: the real desk and lease book on a {@link NodeStore}. It may die at any call and be started again, stand
 * still while packets and answers pile up, and be cut off from the database or the clients.
 */
final class SimNode {

    private record Loaded(SharedLedger.Head head, List<Lease> leases) {}

    private static final long LOOP = 50_000;
    private static final long SLOW_LOOP = 20_000_000;
    private static final long TICK = 3 * Timeline.SECOND / 2;
    private static final long RETRY = Timeline.SECOND;

    private final World world;
    private final String name;
    private final List<Subnet> subnets;
    private final Desk.Settings settings;
    private final SimAccess access;
    private final SharedLedger ledger;
    private final ClusterOracle oracle;
    private final ClusterSimulation.Parts parts;

    /** What is being worked on: a copy that comes meanwhile gets the same answer. */
    private final Map<ClientMessage, ClusterOracle.Arrival> working = new HashMap<>();

    private int incarnation;
    private NodeStore store;
    private Desk desk;
    private long loopFree;
    private long pausedUntil;
    private long cutFromDatabaseUntil;
    private long cutFromClientsUntil;
    private long suspended;
    private long clockOffset;

    SimNode(
            World world,
            String name,
            List<Subnet> subnets,
            Desk.Settings settings,
            SimAccess access,
            SharedLedger ledger,
            ClusterOracle oracle,
            ClusterSimulation.Parts parts) {
        this.world = world;
        this.name = name;
        this.subnets = subnets;
        this.settings = settings;
        this.access = access;
        this.ledger = ledger;
        this.oracle = oracle;
        this.parts = parts;
        ledger.listen(seq -> later(0, () -> {
            if (store != null && !isCutFromDatabase()) {
                store.heard(seq);
            }
        }));
    }

    List<Subnet> subnets() {
        return subnets;
    }

    boolean isUp() {
        return desk != null;
    }

    /** Number of the last event that it knows, 0 when it is not up. */
    long knownSeq() {
        return store == null ? 0 : store.knownSeq();
    }

    /** Runs {@code what} as this node after {@code nanos}: later when it stands still then, not at all when it has died. */
    void later(long nanos, Runnable what) {
        int owner = incarnation;
        world.timeline.after(nanos, () -> {
            long left = pausedUntil - world.timeline.elapsed();
            if (owner != incarnation) {
                return;
            }
            if (left > 0) {
                later(left, what);
            } else {
                what.run();
            }
        });
    }

    /** The thread that decides: one task after the other, in order, and sometimes busy with something else. */
    private void loop(Runnable task) {
        long now = world.timeline.elapsed();
        long delay = world.chance.of(0.05) ? SLOW_LOOP : LOOP;
        loopFree = Math.max(loopFree, now + world.chance.nanos(0, delay));
        later(loopFree - now, task);
    }

    /** Loads and starts to serve, sooner or later. An operator does not start it on a database that went back. */
    void start() {
        int mine = ++incarnation;
        if (ledger.isBack() || !ledger.isUp() || isCutFromDatabase()) {
            later(RETRY, this::start);
            return;
        }
        LedgerSession session = new LedgerSession(world, this, ledger);
        ledger.open(session);
        session.<Loaded>ask(
                answer -> answer.accept(new Loaded(ledger.head(), ledger.leases())),
                loaded -> {
                    session.close();
                    if (!dies() && mine == incarnation) {
                        serve(loaded);
                    }
                },
                () -> later(RETRY, this::start));
    }

    private void serve(Loaded loaded) {
        world.trace.add(name + " starts", "with event " + loaded.head.seq());
        Knowledge knowledge = parts.knowledge().apply(loaded.head.seq());
        NodeStore opened = new NodeStore(world, this, ledger, parts.bug(), loaded.head, loaded.leases, knowledge);
        store = opened;
        later(world.chance.seconds(0.001, 1), () -> serve(loaded, opened));
    }

    private void serve(Loaded loaded, NodeStore opened) {
        LeaseBook book = new LeaseBook(subnets, opened.load());
        InstantSource clock = clock(loaded.head, opened);
        desk = new Desk(
                book,
                request -> access.decide(request, () -> true),
                request -> BootPlan.NOTHING,
                opened,
                clock,
                this::loop,
                settings);
        Desk mine = desk;
        opened.follow(changed -> dies() ? new CompletableFuture<>() : mine.learn(changed));
        passTime(mine);
        keepTime(opened, clock);
    }

    private InstantSource clock(SharedLedger.Head head, NodeStore opened) {
        if (parts.bug() == ClusterBug.EXPIRY_BY_LOCAL_CLOCK) {
            return () -> world.timeline.instant().plusNanos(clockOffset);
        }
        return new SteadyClock(head::now, head.serverTime(), this::nanoTime, opened::reached);
    }

    private void passTime(Desk owner) {
        later(TICK, () -> {
            owner.passTime();
            passTime(owner);
        });
    }

    private void keepTime(NodeStore owner, InstantSource clock) {
        later(60 * Timeline.SECOND, () -> {
            owner.keepTime(clock.instant());
            keepTime(owner, clock);
        });
    }

    /** A call goes out or comes back. @return true when the node, and with it the caller, is gone */
    boolean dies() {
        if (world.happens(Fault.NODE_PAUSE_AT_CALL)) {
            pause(pauseLength());
        }
        if (world.happens(Fault.NODE_CRASH_AT_CALL)) {
            crash(world.chance.seconds(0.5, 20));
            return true;
        }
        return false;
    }

    /** Often short, and now and then longer than offers last. */
    private long pauseLength() {
        return (long) (world.chance.logUniform(0.01, 200) * Timeline.SECOND);
    }

    void pause() {
        pause(pauseLength());
    }

    private void pause(long nanos) {
        world.trace.add(name + " pauses", "for " + nanos / 1_000_000 + " ms");
        pausedUntil = Math.max(pausedUntil, world.timeline.elapsed() + nanos);
    }

    /** It pauses, and does not know for how long. */
    void suspend() {
        long nanos = pauseLength();
        pause(nanos);
        suspended += nanos;
    }

    /** Elapsed time as the node sees it. */
    long nanoTime() {
        return world.timeline.elapsed() - suspended;
    }

    void crash(long nanos) {
        world.trace.add(name + " dies", "for " + nanos / 1_000_000 + " ms");
        incarnation++;
        if (store != null) {
            store.abandon();
        }
        store = null;
        desk = null;
        working.clear();
        pausedUntil = 0;
        later(nanos, this::start);
    }

    void cutFromDatabase(long nanos) {
        world.trace.add(name + " is cut", "from the database for " + nanos / 1_000_000 + " ms");
        cutFromDatabaseUntil = world.timeline.elapsed() + nanos;
    }

    boolean isCutFromDatabase() {
        return world.timeline.elapsed() < cutFromDatabaseUntil;
    }

    void cutFromClients(long nanos) {
        world.trace.add(name + " is cut", "from the clients for " + nanos / 1_000_000 + " ms");
        cutFromClientsUntil = world.timeline.elapsed() + nanos;
    }

    private boolean isCutFromClients() {
        return world.timeline.elapsed() < cutFromClientsUntil;
    }

    void stepClock(Duration step) {
        world.trace.add(name + " clock", step);
        clockOffset += step.toNanos();
    }

    /** A packet arrives, over the network that carries the answer back. */
    void deliver(ClientMessage message, Host host, SimNetwork network) {
        if (desk == null || isCutFromClients()) {
            return;
        }
        Desk receiver = desk;
        loop(() -> {
            ClusterOracle.Arrival arrived = oracle.arrived(message);
            ClusterOracle.Arrival arrival = working.getOrDefault(message, arrived);
            working.put(message, arrival);
            if (isForUs(message)) {
                world.trace.add(name + " gets", message);
            }
            receiver.answer(message).whenComplete((answer, failure) -> {
                if (receiver == desk) {
                    answered(arrival, host, network, answer, failure);
                }
            });
        });
    }

    /** Not a request that all hear, and that names another server. */
    private boolean isForUs(ClientMessage message) {
        return !(message instanceof ClientMessage.Select select)
                || subnets.stream().anyMatch(subnet -> subnet.server().equals(select.server()));
    }

    private void answered(
            ClusterOracle.Arrival arrival, Host host, SimNetwork network, Answer answer, Throwable failure) {
        if (failure != null) {
            world.broken(Invariant.ONE_OUTCOME, arrival.message() + " was answered by " + failure);
            return;
        }
        working.remove(arrival.message());
        if (isForUs(arrival.message())) {
            world.trace.add(name + " answers", arrival.message(), answer);
        }
        oracle.answered(arrival, answer);
        if (!(answer instanceof Answer.Silence)) {
            network.carry(() -> {
                if (!isCutFromClients()) {
                    host.hear(arrival.message(), answer);
                }
            });
        }
    }

    /** Takes no more messages. Completes when none is being worked on. */
    CompletableFuture<Void> stop() {
        return desk.stop().toCompletableFuture();
    }

    @Override
    public String toString() {
        return name;
    }
}
