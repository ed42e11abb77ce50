package org.jbootd.domain.exchange;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.AddressProbe;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/**
 * Which addresses have to be asked for on the network before they are offered: those that are new to their machine, by the
 * operator's wish. What was found free counts for as long as an offer does, so that a machine that asks again waits no more.
 * For one thread.
 */
final class Probing {

    /** How many addresses found in use one message may come upon. */
    static final int MOST_CONFLICTS = 16;

    private static final int REMEMBERED = 10_000;

    private record Free(ClientKey client, Instant until) {}

    private final AddressProbe probe;
    private final Map<Ipv4, Free> found = new LinkedHashMap<>();

    Probing(AddressProbe probe) {
        this.probe = probe;
    }

    boolean isNeeded(Ipv4 address, Request request, Subnet subnet, Instant now) {
        boolean own = request.address().filter(address::equals).isPresent();
        boolean reserved = subnet.reservations().stream()
                .anyMatch(one -> one.address().equals(address) && one.isOf(request.client()));
        return !own && !reserved && !isFoundFree(address, request, now);
    }

    private boolean isFoundFree(Ipv4 address, Request request, Instant now) {
        Free free = found.get(address);
        return free != null && free.client().equals(request.client().key()) && now.isBefore(free.until());
    }

    CompletionStage<Boolean> ask(Ipv4 address, Request request) {
        try {
            return Objects.requireNonNull(probe.isInUse(address, request), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    void foundFree(Ipv4 address, Request request, Instant until) {
        found.remove(address);
        found.put(address, new Free(request.client().key(), until));
        if (found.size() > REMEMBERED) {
            found.remove(found.keySet().iterator().next());
        }
    }
}
