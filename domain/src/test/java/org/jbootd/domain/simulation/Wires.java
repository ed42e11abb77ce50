package org.jbootd.domain.simulation;

import java.util.HashMap;
import java.util.Map;

/** The network as each host has it: what becomes of the packets of one does not depend on those of another. */
final class Wires {

    private final World world;
    private final Map<Host, SimNetwork> networks = new HashMap<>();

    Wires(World world) {
        this.world = world;
    }

    SimNetwork of(Host host) {
        return networks.computeIfAbsent(host, key -> new SimNetwork(world.part("wire " + (networks.size() + 1))));
    }
}
