package org.jbootd.domain.simulation;

import static org.jbootd.domain.simulation.Timeline.SECOND;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * One run of one server with everybody on its networks, for a number of steps with faults, then without, until it is clear that all is
 * well again.
 */
final class Simulation extends Run {

    /**
     * How such runs go.
     *
     * @param bug planted in the server
     * @param faults what there is to go wrong
     * @param below makes its store
     * @param times how long something lasts that a network is told to
     * @param settling long enough for every power cycle, back-off and ghost that the faults leave behind
     * @param calm so many seconds at most pass between what befalls the server as a whole
     */
    private record Kind(
            PlantedBug bug,
            Set<Fault> faults,
            SimServer.Below below,
            Networks.Times times,
            long settling,
            double calm) {

        static Kind usual(PlantedBug bug) {
            return new Kind(
                    bug,
                    Fault.ofOneServer(),
                    (world, durable, crash, oracle) -> new SimStore(world, durable, crash, bug),
                    Networks.USUAL,
                    2_000 * SECOND,
                    300);
        }

        static Kind on(StoreOnTrial.Maker maker) {
            return new Kind(
                    PlantedBug.NONE,
                    Fault.ofRealStore(),
                    (world, durable, crash, oracle) -> new RealStore(world, durable, crash, oracle, maker),
                    Networks.HASTENED,
                    1_300 * SECOND,
                    60);
        }

        List<Subnet> subnets(Chance chance) {
            return times == Networks.USUAL ? Networks.drawnBy(chance) : Networks.hastenedBy(chance);
        }
    }

    private final Kind kind;
    private final Identification identification;
    private final SimAccess access;
    private final SimServer server;
    private final List<Subnet> subnets;
    private final Desk.Settings settings;
    private final List<BootpDevice> devices = new ArrayList<>();
    private final Thief thief;
    private int hosts;

    /** On a store of two layers. */
    Simulation(Plan plan, Identification identification, PlantedBug bug) {
        this(plan, identification, Kind.usual(bug));
    }

    /** On the store that is made for it. */
    static Simulation of(Plan plan, Identification identification, StoreOnTrial.Maker maker) {
        return new Simulation(plan, identification, Kind.on(maker));
    }

    private Simulation(Plan plan, Identification identification, Kind kind) {
        super(plan, kind.faults());
        this.kind = kind;
        this.identification = identification;
        this.access = new SimAccess(world.part("access"));
        this.subnets = kind.subnets(world.chance);
        this.settings =
                new Desk.Settings(world.chance.of(0.8), world.chance.of(0.7), false, Desk.Settings.EXCHANGES_IN_FLIGHT);
        this.server = new SimServer(
                world.part("server"), kind.bug(), subnets, identification, settings, access, kind.below());
        this.thief = new Thief(world.part("thief"), this, subnets, Hardware.stranger(0));
        populate();
    }

    private void populate() {
        int count = world.chance.between(3, 14);
        for (int i = 0; i < count; i++) {
            HardwareAddress hardware = Hardware.machine(++hosts);
            if (world.chance.of(world.mix.of(Fault.BOOTP) / 3)) {
                devices.add(new BootpDevice(world.part("b" + hosts), this, hardware, someSubnet()));
            } else {
                Machine machine = machine(hardware, world.chance.of(settings.allowSimpleDhcp() ? 0.6 : 0.9));
                machines.add(machine);
                if (world.happens(Fault.MACHINE_CLONED)) {
                    machines.add(
                            new Machine(world.part("clone of m" + hosts), this, machine.habits(), machine.subnet()));
                }
            }
            if (world.chance.of(0.1)) {
                access.refuse(hardware);
            }
        }
    }

    private Machine machine(HardwareAddress hardware, boolean networkBoots) {
        boolean usual = identification == Identification.CLIENT_ID && world.chance.of(0.6);
        Optional<Octets> identifier = usual || world.happens(Fault.MACHINE_WITH_OWN_CLIENT_ID)
                ? Optional.of(Octets.of((byte) 0xff, (byte) world.chance.anyInt(), (byte) world.chance.anyInt()))
                : Optional.empty();
        Habits habits = new Habits(
                hardware,
                networkBoots,
                identifier,
                identifier.filter(own -> world.chance.of(0.5)).map(own -> Octets.of((byte) 0, (byte) own.at(1))),
                identification,
                world.chance.of(world.mix.of(Fault.MACHINE_INIT_REBOOT)));
        return new Machine(world.part("m" + hosts), this, habits, someSubnet());
    }

    private String someSubnet() {
        return world.chance.oneOf(subnets).name();
    }

    @Override
    public void send(Host from, ClientMessage message) {
        SimNetwork network = networks.of(from);
        network.carry(() -> server.deliver(message, from, network));
    }

    @Override
    void run() {
        server.start();
        for (int i = 0; i < machines.size(); i++) {
            long on = world.chance.seconds(0, 60);
            if (plan.has(i)) {
                world.timeline.after(on, machines.get(i)::powerOn);
            }
        }
        devices.forEach(device -> world.timeline.after(world.chance.seconds(0, 60), device::powerOn));
        thief.start();
        world.timeline.after(world.chance.seconds(1, 60), this::disturb);
        while (steps() < plan.steps()) {
            step();
        }
        thief.stop();
        settle(kind.settling());
        everybodyIsServed();
        restartWithoutLoss();
        everybodyIsServed();
        everythingReturns();
        server.stop(SECOND);
        server.store().checkHistory();
        step();
    }

    private void disturb() {
        if (world.isCalm()) {
            return;
        }
        if (world.happens(Fault.LONG_OUTAGE)) {
            server.crash(world.chance.seconds(10, 300));
        } else if (world.happens(Fault.CRASH)) {
            server.crash(world.chance.seconds(0.3, 10));
        }
        if (world.happens(Fault.STOPPED)) {
            server.stop(world.chance.seconds(0.3, 10));
        }
        if (world.happens(Fault.WALL_CLOCK_FORWARD)) {
            stepWall(1);
        }
        if (world.happens(Fault.WALL_CLOCK_BACK)) {
            stepWall(-1);
        }
        world.timeline.after(world.chance.seconds(5, kind.calm()), this::disturb);
    }

    private void stepWall(int direction) {
        long step = (long) world.chance.logUniform(1, 86_400) * SECOND;
        world.trace.add("wall clock", Duration.ofNanos(direction * step));
        world.timeline.stepWall(direction * step);
    }

    @Override
    List<Machine> unserved() {
        return present().stream()
                .filter(machine -> machine.lease().isEmpty()
                        && isEntitled(machine)
                        && machine.identities().allMatch(client -> isFreeFor(client, subnet(machine.subnet()))))
                .toList();
    }

    private boolean isEntitled(Machine machine) {
        return access.permits(machine.identity().hardware())
                && (settings.allowSimpleDhcp() || machine.isAtFirmware() || isKnownToBoot(machine));
    }

    private boolean isKnownToBoot(Machine machine) {
        return server.store().load().stream()
                .filter(lease ->
                        lease.client().hardware().equals(machine.identity().hardware()))
                .anyMatch(Lease::networkBooted);
    }

    /** For so long that a machine which tries again and again has come upon it. */
    private boolean isFreeFor(ClientIdentity client, Subnet subnet) {
        Instant then = server.oracle().now().minus(LONGEST_PAUSE);
        return Usable.isAnyFreeFor(subnet, client, server.store()::believed, then);
    }

    /** What was stored can be loaded, and every holder keeps what it has (I25). */
    private void restartWithoutLoss() {
        while (!server.store().isIdle()) {
            step();
        }
        List<Optional<Ipv4>> before = machines.stream()
                .map(machine ->
                        machine.lease().map(Answer.Terms::address).filter(address -> isHolder(machine, address)))
                .toList();
        world.timeline.stepWall(
                Duration.between(world.timeline.instant(), server.oracle().now())
                        .toNanos());
        server.crash(SECOND);
        runFor(kind.settling() + kind.times().longestLease().toNanos());
        for (int i = 0; i < machines.size(); i++) {
            Optional<Ipv4> now = machines.get(i).lease().map(Answer.Terms::address);
            if (before.get(i).isPresent() && !now.equals(before.get(i))) {
                broken(
                        Invariant.I25_LOADABLE,
                        machines.get(i).identity() + " had " + before.get(i) + " and has " + now);
            }
        }
    }

    /** False of a machine that lost its address to a start with a wrong clock and has not heard of it yet. */
    private boolean isHolder(Machine machine, Ipv4 address) {
        Lease lease = server.store().believed(address);
        return lease != null
                && lease.isGranted()
                && lease.client().key().equals(machine.identity().key());
    }

    /** When everybody is gone and all time is up, newcomers get every address that is not kept for its old client (I23). */
    private void everythingReturns() {
        machines.forEach(Machine::powerOff);
        devices.forEach(BootpDevice::powerOff);
        runFor(kind.times().longestMemory().toNanos() + 2 * SECOND);
        for (Subnet subnet : subnets) {
            HardwareAddress anybody = Hardware.stranger(0xffffff);
            long free = Networks.addresses(subnet).stream()
                    .filter(address -> Usable.by(subnet, anybody, address))
                    .map(address -> Optional.ofNullable(server.store().believed(address)))
                    .filter(lease -> lease.isEmpty()
                            || Usable.isReturned(
                                    lease.get(), subnet, server.oracle().now()))
                    .count();
            long served = newcomersServed(subnet, (int) free + 2);
            if (served != free) {
                broken(
                        Invariant.I23_RETURN,
                        served + " newcomers were served in " + subnet + ", " + free + " are free");
            }
        }
    }

    private long newcomersServed(Subnet subnet, int count) {
        List<Machine> newcomers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Habits habits = new Habits(
                    Hardware.machine(++hosts), true, Optional.empty(), Optional.empty(), identification, false);
            newcomers.add(new Machine(world.part("m" + hosts), this, habits, subnet.name()));
        }
        newcomers.forEach(Machine::powerOn);
        runFor(150 * SECOND);
        newcomers.forEach(Machine::powerOff);
        return newcomers.stream()
                .filter(machine -> machine.remembered().isPresent())
                .count();
    }

    private void broken(Invariant invariant, String what) {
        throw new Violation(invariant, what);
    }

    @Override
    List<Subnet> subnets() {
        return subnets;
    }
}
