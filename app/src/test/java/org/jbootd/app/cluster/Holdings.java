package org.jbootd.app.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.domain.net.Ipv4;

/**
 * Who may take an address for his own, and from when to when: by what the machines were told, and never mind what the servers
 * believe. Instants are {@link System#nanoTime}'s. For one thread.
 */
final class Holdings {

    private record Hold(int machine, long until) {}

    private final Map<Ipv4, Hold> holds = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();

    /** @param until counted from when the machine asked (RFC 2131 §4.4.1) */
    void given(int machine, Ipv4 address, long from, long until) {
        Hold before = holds.put(address, new Hold(machine, until));
        if (before != null && before.machine() != machine && before.until() - from > 0) {
            complaints.add("%s was given to machine %d, and is machine %d's for %d ms more"
                    .formatted(address, machine, before.machine(), (before.until() - from) / 1_000_000));
        }
    }

    /** The machine uses it no longer. */
    void givenUp(int machine, Ipv4 address, long now) {
        holds.computeIfPresent(
                address,
                (same, hold) -> hold.machine() == machine && hold.until() - now > 0 ? new Hold(machine, now) : hold);
    }

    void complain(String what) {
        complaints.add(what);
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }
}
