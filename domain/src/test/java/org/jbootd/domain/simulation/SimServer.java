package org.jbootd.domain.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.SteadyClock;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Subnet;

/**
 * The real server on simulated ports. A crash throws the {@link Desk} and its {@link LeaseBook} away, in the middle of a call if need
 * be: whatever the old ones still do has no effect. A start builds new ones from what is durable.
 */
final class SimServer {

    /** Makes the store that a server stands on. */
    interface Below {

        /** @param crash ends the server in the middle of what the store does */
        SimulatedStore store(World world, StoredHistory durable, Runnable crash, Oracle oracle);
    }

    private static final long RETRY = 2 * Timeline.SECOND;

    private final World world;
    private final PlantedBug bug;
    private final List<Subnet> subnets;
    private final Desk.Settings settings;
    private final SimAccess access;
    private final Oracle oracle;
    private final StoredHistory durable;
    private final SimulatedStore store;

    private int incarnation;

    /** Null while it is down. */
    private BootService service;

    /** The store is being opened or closed: the server may die in that, too. */
    private boolean inStore;

    SimServer(
            World world,
            PlantedBug bug,
            List<Subnet> subnets,
            Identification identification,
            Desk.Settings settings,
            SimAccess access,
            Below below) {
        this.world = world;
        this.bug = bug;
        this.subnets = subnets;
        this.settings = settings;
        this.access = access;
        this.oracle = new Oracle(world, subnets, identification, settings.allowSimpleDhcp(), access, this::store);
        this.durable = new StoredHistory(bug.historyInTransaction(), oracle);
        this.store = below.store(world, durable, this::crashInside, oracle);
    }

    SimulatedStore store() {
        return store;
    }

    Oracle oracle() {
        return oracle;
    }

    boolean isUp() {
        return service != null;
    }

    void start() {
        int now = ++incarnation;
        inStore = true;
        boolean open = store.start();
        if (now != incarnation) {
            return;
        }
        inStore = false;
        if (!open) {
            world.trace.add("not started", "the store could not be opened");
            world.timeline.after(RETRY, this::start);
            return;
        }
        oracle.crashed();
        oracle.started(store.latest());
        LeaseStore port = bug.store(new Connection(now), world);
        SteadyClock steady = new SteadyClock(world.timeline, bug.floor(port.latest()), world.timeline::elapsed);
        InstantSource clock = bug.clock(steady, world.timeline);
        AccessControl authority = bug.access(new Authority(now));
        Executor loop = task -> world.timeline.after(0, () -> {
            if (now == incarnation) {
                task.run();
            }
        });
        Supplier<BootService> desks = () -> {
            Desk desk = new Desk(
                    new LeaseBook(bug.subnets(subnets), port.load()),
                    authority,
                    request -> BootPlan.NOTHING,
                    port,
                    clock,
                    loop,
                    settings);
            passTime(desk, now);
            return desk;
        };
        service = bug.service(desks, world);
        world.trace.add("start", oracle.now());
    }

    private void passTime(Desk desk, int owner) {
        world.timeline.after(Timeline.SECOND, () -> {
            if (owner == incarnation) {
                desk.passTime();
                passTime(desk, owner);
            }
        });
    }

    /** Ends the server now and starts it again after {@code nanos}. */
    void crash(long nanos) {
        if (service == null && !inStore) {
            return;
        }
        world.trace.add("crash", "down for " + nanos / 1_000_000 + " ms");
        incarnation++;
        service = null;
        inStore = false;
        store.crash();
        access.forget();
        world.timeline.after(nanos, this::start);
    }

    /** Stops the server in order and starts it again after {@code nanos}. */
    void stop(long nanos) {
        if (service == null) {
            return;
        }
        world.trace.add("stop", "down for " + nanos / 1_000_000 + " ms");
        int now = ++incarnation;
        service = null;
        inStore = true;
        store.stop();
        if (now == incarnation) {
            inStore = false;
            access.forget();
            world.timeline.after(nanos, this::start);
        }
    }

    private void crashInside() {
        crash(world.chance.seconds(0.5, 5));
    }

    /** A packet arrives. @param reply carries an answer back, unless it is silence */
    void deliver(ClientMessage message, Host host, SimNetwork network) {
        if (service == null) {
            return;
        }
        int receiver = incarnation;
        Oracle.Arrival arrival = oracle.arrived(message);
        world.trace.add("arrives", message);
        CompletionStage<Answer> stage = service.answer(bug.message(message, durable, world));
        stage.whenComplete((given, failure) -> {
            if (receiver != incarnation) {
                return;
            }
            if (failure != null) {
                world.broken(Invariant.ONE_OUTCOME, message + " was answered by " + failure);
                return;
            }
            Answer answer = bug.answer(message, given, world);
            world.trace.add("answered", message, answer);
            oracle.answered(arrival, answer);
            if (!(answer instanceof Answer.Silence)) {
                network.carry(() -> host.hear(message, answer));
            }
        });
    }

    /** The store as one incarnation of the server sees it. */
    private final class Connection implements LeaseStore {

        private final int owner;

        Connection(int owner) {
            this.owner = owner;
        }

        @Override
        public List<Lease> load() {
            return store.load();
        }

        @Override
        public Instant latest() {
            return store.latest();
        }

        @Override
        public CompletionStage<Void> commit(List<LeaseChange> changes) {
            return owner == incarnation ? store.commit(changes) : new CompletableFuture<>();
        }
    }

    /** The authority as one incarnation of the server sees it. */
    private final class Authority implements AccessControl {

        private final int owner;

        Authority(int owner) {
            this.owner = owner;
        }

        @Override
        public CompletionStage<Verdict> decide(Request request) {
            return owner == incarnation
                    ? access.decide(request, () -> owner == incarnation)
                    : new CompletableFuture<>();
        }
    }
}
