package org.jbootd.domain.files;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;

/**
 * For which file {@code {filename}} stands, by the client's address, where access control named one. In memory only: the
 * next answer to the machine names it again. At most {@value #MAX}, those not asked for the longest go. May be shared by
 * threads.
 */
public final class AssignedNames {

    static final int MAX = 65_536;

    private final Map<Ipv4, RequestedPath> names = new LinkedHashMap<>(16, 0.75f, true);

    /** What was last said of the machine that has {@code address} holds: {@code name}, or none. */
    public synchronized void assign(Ipv4 address, Optional<String> name) {
        Optional<RequestedPath> path = name.flatMap(RequestedPath::parse);
        if (path.isEmpty()) {
            names.remove(address);
            return;
        }
        names.put(address, path.get());
        if (names.size() > MAX) {
            names.remove(names.keySet().iterator().next());
        }
    }

    public synchronized Optional<RequestedPath> of(Ipv4 address) {
        return Optional.ofNullable(names.get(address));
    }
}
