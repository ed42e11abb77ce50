package org.jbootd.domain.simulation;

/** Carries packets, some of them twice, late, in another order, or not at all. */
final class SimNetwork {

    private static final long QUICK = 200_000;

    private final World world;

    SimNetwork(World world) {
        this.world = world;
    }

    /** Sends a packet; {@code arrival} happens once for each copy that arrives. */
    void carry(Runnable arrival) {
        if (world.happens(Fault.PACKET_LOST)) {
            return;
        }
        world.timeline.after(delay(), arrival);
        if (world.happens(Fault.PACKET_DUPLICATED)) {
            world.timeline.after(delay(), arrival);
        }
        if (world.happens(Fault.PACKET_GHOST)) {
            world.timeline.after(world.chance.seconds(5, 300), arrival);
        }
    }

    private long delay() {
        return world.happens(Fault.PACKET_DELAYED)
                ? world.chance.seconds(0.001, 5)
                : world.chance.nanos(QUICK / 4, QUICK);
    }
}
