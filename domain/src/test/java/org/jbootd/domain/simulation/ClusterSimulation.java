package org.jbootd.domain.simulation;

import static org.jbootd.domain.simulation.Timeline.SECOND;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * One run of two to four servers on one database, with everybody on their networks: for a number of steps with faults, then without,
 * until it is clear that all is well again.
 */
final class ClusterSimulation extends Run {

    /** What differs from run to run beside the seed. */
    record Parts(ClusterBug bug, LongFunction<Knowledge> knowledge) {

        static Parts with(ClusterBug bug) {
            return new Parts(bug, base -> new SimTidings(bug, base));
        }
    }

    private static final long SETTLING = 1_300 * SECOND;
    private static final int NEWCOMERS = 3;

    /** Less than what is left of a lease when it is renewed: one that goes back by more has machines refused (docs/cluster.md). */
    private static final long MOST_CLOCK_GOES_BACK = 5 * SECOND;

    private final SimAccess access;
    private final SharedLedger ledger;
    private final ClusterOracle oracle;
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<Host, SimNode> servedBy = new HashMap<>();
    private final List<Subnet> subnets;
    private final Thief thief;
    private long clockMayGoBack = MOST_CLOCK_GOES_BACK;

    ClusterSimulation(Plan plan, Parts parts) {
        super(plan, Fault.ofSeveralServers());
        this.access = new SimAccess(world.part("access"));
        List<List<Subnet>> views = Networks.sharedBy(world.chance.between(2, 4), world.chance);
        this.subnets = views.get(0);
        this.oracle = new ClusterOracle(world, subnets, Networks.servers(views), access, this::ledger);
        this.ledger =
                new SharedLedger(world.part("ledger"), oracle, parts.bug() != ClusterBug.TRANSACTIONS_SIDE_BY_SIDE);
        Desk.Settings settings =
                new Desk.Settings(true, world.chance.of(0.7), false, Desk.Settings.EXCHANGES_IN_FLIGHT);
        for (int i = 0; i < views.size(); i++) {
            String name = "n" + (i + 1);
            nodes.add(new SimNode(world.part(name), name, views.get(i), settings, access, ledger, oracle, parts));
        }
        populate();
        this.thief = new Thief(world.part("thief"), this, subnets, Hardware.stranger(0));
    }

    private SharedLedger ledger() {
        return ledger;
    }

    private void populate() {
        int count = world.chance.between(3, 20);
        for (int i = 1; i <= count; i++) {
            Habits habits = habits(Hardware.machine(i));
            machines.add(new Machine(
                    world.part("m" + i),
                    this,
                    habits,
                    world.chance.oneOf(subnets).name()));
            if (world.chance.of(0.1)) {
                access.refuse(habits.hardware());
            }
        }
    }

    private Habits habits(HardwareAddress hardware) {
        return new Habits(
                hardware,
                world.chance.of(0.5),
                Optional.empty(),
                Optional.empty(),
                Identification.HARDWARE,
                world.chance.of(world.mix.of(Fault.MACHINE_INIT_REBOOT)));
    }

    /** What is sent to all reaches all; a renewal goes to the server of the lease, and a release too. */
    @Override
    public void send(Host from, ClientMessage message) {
        oracle.sent(message);
        SimNetwork network = networks.of(from);
        for (SimNode node : nodes) {
            if (isFor(node, from, message)) {
                network.carry(() -> node.deliver(message, new Hearing(from, node), network));
            }
        }
    }

    private boolean isFor(SimNode node, Host from, ClientMessage message) {
        if (message instanceof ClientMessage.Release release && release.server().isPresent()) {
            return node.subnets().stream()
                    .anyMatch(subnet -> subnet.server().equals(release.server().get()));
        }
        return !(message instanceof ClientMessage.Renew) || servedBy.getOrDefault(from, node) == node;
    }

    /** A client remembers which server gave it its lease. */
    private final class Hearing implements Host {

        private final Host client;
        private final SimNode node;

        Hearing(Host client, SimNode node) {
            this.client = client;
            this.node = node;
        }

        @Override
        public void hear(ClientMessage sent, Answer answer) {
            if (answer instanceof Answer.Ack) {
                servedBy.put(client, node);
            }
            client.hear(sent, answer);
        }
    }

    @Override
    void run() {
        nodes.forEach(SimNode::start);
        double spread = world.chance.logUniform(0.001, 60);
        for (int i = 0; i < machines.size(); i++) {
            long on = world.chance.seconds(2, 2 + spread);
            if (plan.has(i)) {
                world.timeline.after(on, machines.get(i)::powerOn);
            }
        }
        thief.start();
        world.timeline.after(world.chance.seconds(1, 60), this::disturb);
        while (steps() < plan.steps()) {
            step();
        }
        thief.stop();
        settle(SETTLING);
        everybodyIsServed();
        allOfferTheSame();
        everybodyKeepsItsAddress();
        nothingHangs();
        oracle.checkHistory();
        step();
    }

    // ---- what goes wrong

    private void disturb() {
        if (world.isCalm()) {
            return;
        }
        disturb(world.chance.oneOf(nodes));
        disturbDatabase();
        if (world.happens(Fault.POWER_CUT)) {
            long off = world.chance.seconds(0.001, 3);
            present().forEach(machine -> machine.powerFails(off + world.chance.nanos(0, SECOND / 1000)));
        }
        world.timeline.after(world.chance.seconds(1, 40), this::disturb);
    }

    private void disturb(SimNode node) {
        if (world.happens(Fault.NODE_CRASH)) {
            node.crash(world.chance.seconds(0.3, 120));
        }
        if (world.happens(Fault.NODE_PAUSE)) {
            node.pause();
        }
        if (world.happens(Fault.NODE_SUSPENDED)) {
            node.suspend();
        }
        if (world.happens(Fault.NODE_CUT_FROM_DATABASE)) {
            node.cutFromDatabase(world.chance.seconds(0.1, 120));
        }
        if (world.happens(Fault.NODE_CUT_FROM_CLIENTS)) {
            node.cutFromClients(world.chance.seconds(0.1, 300));
        }
        if (world.happens(Fault.NODE_CLOCK_STEP)) {
            long seconds = (long) world.chance.logUniform(1, 7_200);
            node.stepClock(Duration.ofSeconds(world.chance.of(0.5) ? seconds : -seconds));
        }
    }

    private void disturbDatabase() {
        if (ledger.isBack() || !ledger.isUp()) {
            return;
        }
        if (world.happens(Fault.DATABASE_RESTART)) {
            ledger.restart(world.chance.seconds(0.1, 30));
        } else if (world.happens(Fault.DATABASE_STALL)) {
            ledger.stall(world.chance.seconds(0.5, 20));
        } else if (nodes.stream().allMatch(node -> node.isUp() && node.knownSeq() > ledger.backupSeq())
                && world.happens(Fault.DATABASE_WENT_BACK)) {
            ledger.goBack(world.chance.seconds(0.1, 5));
            world.timeline.after(world.chance.seconds(10, 200), () -> ledger.goForth(SECOND));
        } else if (world.chance.of(0.3)) {
            ledger.keepBackup();
        }
        if (world.happens(Fault.DATABASE_CLOCK_FORWARD)) {
            stepClock((long) (world.chance.logUniform(0.1, 7_200) * SECOND));
        }
        if (clockMayGoBack > 0 && world.happens(Fault.DATABASE_CLOCK_BACK)) {
            stepClock(-world.chance.nanos(1, clockMayGoBack));
        }
    }

    private void stepClock(long step) {
        world.trace.add("database clock", Duration.ofNanos(step));
        world.timeline.stepWall(step);
        clockMayGoBack = Math.min(MOST_CLOCK_GOES_BACK, clockMayGoBack + step);
    }

    // ---- that all is well in the end

    @Override
    List<Machine> unserved() {
        Instant then = ledger.head().now().minus(LONGEST_PAUSE);
        return present().stream()
                .filter(machine -> machine.lease().isEmpty()
                        && access.permits(machine.identity().hardware())
                        && Usable.isAnyFreeFor(subnet(machine.subnet()), machine.identity(), ledger::of, then))
                .toList();
    }

    /** Whom a machine that is new asks does not matter: not where the address follows from the machine. */
    private void allOfferTheSame() {
        runFor(61 * SECOND);
        for (int i = 0; i < NEWCOMERS; i++) {
            Map<SimNode, Optional<Ipv4>> offers = new LinkedHashMap<>();
            nodes.forEach(node -> offers.put(node, Optional.empty()));
            ClientMessage message =
                    Newcomer.discover(Hardware.machine(1_000 + i), subnets.get(0), world.chance.anyInt());
            SimNetwork network = new SimNetwork(world);
            for (SimNode node : nodes) {
                node.deliver(message, (sent, answer) -> offers.put(node, Newcomer.offered(answer)), network);
            }
            runFor(SECOND);
            if (new LinkedHashSet<>(offers.values()).size() > 1) {
                world.broken(Invariant.SAME_OFFER, "one machine is offered " + offers);
            }
        }
    }

    /** All are started anew, and every holder keeps what it has. */
    private void everybodyKeepsItsAddress() {
        Map<Machine, Ipv4> before = new LinkedHashMap<>();
        present().forEach(machine -> machine.lease().ifPresent(terms -> before.put(machine, terms.address())));
        nodes.forEach(node -> node.crash(SECOND));
        runFor(2 * Networks.HASTENED.longestLease().toNanos());
        before.forEach((machine, address) -> {
            Optional<Ipv4> now = machine.lease().map(Answer.Terms::address);
            if (!now.equals(Optional.of(address))) {
                world.broken(Invariant.I25_LOADABLE, machine.identity() + " had " + address + " and has " + now);
            }
        });
    }

    /** Everything that a node was asked has been answered. */
    private void nothingHangs() {
        machines.forEach(Machine::powerOff);
        runFor(60 * SECOND);
        for (SimNode node : nodes) {
            CompletableFuture<Void> stopped = node.stop();
            if (!stopped.isDone()) {
                world.broken(Invariant.ONE_OUTCOME, node + " never answered something");
            }
        }
    }

    @Override
    List<Subnet> subnets() {
        return subnets;
    }
}
