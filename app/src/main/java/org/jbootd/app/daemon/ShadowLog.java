package org.jbootd.app.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jbootd.domain.access.ShadowedAccess;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down where the shadow differs: each machine once, and again when something about it has changed. Threads may share
 * it.
 */
final class ShadowLog implements ShadowedAccess.Comparison, AutoCloseable {

    /** More machines than this, and the one not heard of the longest is written down anew. */
    static final int MAX_MACHINES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.access");

    private record Machine(HardwareAddress hardware, boolean firmware) {}

    private final Map<Machine, String> differences = new LinkedHashMap<>(16, 0.75f, true);
    private long compared;
    private long different;
    private long told;

    @Override
    public synchronized void compare(Request request, String obeyed, String shadow) {
        Machine machine =
                new Machine(request.client().hardware(), request.stage().networkBoots());
        compared++;
        if (obeyed.equals(shadow)) {
            if (differences.remove(machine) != null) {
                LOG.info("shadow: {} is {} by both now", name(machine), obeyed);
            }
            return;
        }
        different++;
        String difference = obeyed + ", and would be " + shadow;
        if (!difference.equals(differences.put(machine, difference))) {
            LOG.warn("shadow: {} is {} by [bootp] shadow", name(machine), difference);
        }
        if (differences.size() > MAX_MACHINES) {
            differences.remove(differences.keySet().iterator().next());
        }
    }

    private static String name(Machine machine) {
        return (machine.firmware() ? "firmware of " : "operating system of ") + machine.hardware();
    }

    /** Says how many there have been, unless there is nothing new since that was said last. */
    synchronized void sum() {
        if (compared > told) {
            told = compared;
            tell();
        }
    }

    /** Says how many there were. */
    @Override
    public synchronized void close() {
        tell();
    }

    private void tell() {
        LOG.info(
                "shadow: {} of {} verdicts would have been others, of {} machines last",
                different,
                compared,
                differences.size());
    }
}
