package org.jbootd.domain.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jbootd.domain.lease.Subnet;

/** One run of a simulation: a world, its networks, and the machines on them. No thread, no real time: a plan always gives the same run. */
abstract class Run implements Wire {

    /** Between two attempts of a machine that gets no address: it retransmits for two minutes, and is off for as long. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    final Plan plan;
    final World world;
    final Wires networks;
    final List<Machine> machines = new ArrayList<>();
    private long steps;

    /** @param possible what there is to go wrong at all */
    Run(Plan plan, Set<Fault> possible) {
        this.plan = plan;
        this.world = new World(plan, possible);
        this.networks = new Wires(world);
    }

    /** Runs it all, once. @throws Violation when a promise is broken */
    abstract void run();

    /** As machines know them. */
    abstract List<Subnet> subnets();

    /** Machines that have no address, though one is free for them. */
    abstract List<Machine> unserved();

    void step() {
        world.step();
        steps++;
    }

    void runFor(long nanos) {
        boolean[] over = {false};
        world.timeline.after(nanos, () -> over[0] = true);
        while (!over[0]) {
            step();
        }
    }

    /** Nothing goes wrong from here on, until what did is over. */
    void settle(long nanos) {
        world.trace.add("calm", "no faults from here on");
        world.calm();
        runFor(nanos);
    }

    /** Every machine that may have an address has one, or none is left for it (I22). */
    void everybodyIsServed() {
        List<Machine> unserved = new ArrayList<>(unserved());
        if (!unserved.isEmpty()) {
            runFor(LONGEST_PAUSE.toNanos());
            unserved.retainAll(unserved());
        }
        for (Machine machine : unserved) {
            throw new Violation(
                    Invariant.I22_PROGRESS, machine.identity() + " has no address, though one is free for it");
        }
    }

    /** Those that the plan lets be there. */
    List<Machine> present() {
        return IntStream.range(0, machines.size())
                .filter(plan::has)
                .mapToObj(machines::get)
                .toList();
    }

    Subnet subnet(String name) {
        return subnets().stream()
                .filter(subnet -> subnet.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String anotherSubnet(String subnet) {
        List<String> others = subnets().stream()
                .map(Subnet::name)
                .filter(name -> !name.equals(subnet))
                .toList();
        return others.isEmpty() ? subnet : world.chance.oneOf(others);
    }

    /** How many machines there are, absent ones too. */
    int machines() {
        return machines.size();
    }

    /** What went wrong, in that order. */
    List<Plan.Occurrence> faults() {
        return world.happened();
    }

    /** Events that happened: a packet that arrives, a timer that goes off, a step of a write. */
    long steps() {
        return steps;
    }

    Trace trace() {
        return world.trace;
    }

    Coverage coverage() {
        return world.coverage;
    }
}
