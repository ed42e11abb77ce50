package org.jbootd.domain.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;

/** An authority that is sometimes slow, silent or broken, refuses some machines always and others now and then. */
final class SimAccess {

    private record Exchange(HardwareAddress hardware, int xid) {}

    private final World world;
    private final Set<HardwareAddress> refused = new HashSet<>();
    /** Exchanges that were granted since the server's last start. */
    private final Map<Exchange, Verdict> granted = new HashMap<>();

    SimAccess(World world) {
        this.world = world;
    }

    void refuse(HardwareAddress hardware) {
        refused.add(hardware);
    }

    boolean permits(HardwareAddress hardware) {
        return !refused.contains(hardware);
    }

    /** @param asking false once whoever asked is gone: it gets no answer then */
    CompletionStage<Verdict> decide(Request request, BooleanSupplier asking) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        if (world.happens(Fault.VERDICT_NEVER)) {
            return verdict;
        }
        if (world.happens(Fault.VERDICT_LATE)) {
            world.timeline.after(world.chance.seconds(0.01, 20), () -> {
                if (asking.getAsBoolean()) {
                    settle(request, verdict);
                }
            });
        } else {
            settle(request, verdict);
        }
        return verdict;
    }

    private void settle(Request request, CompletableFuture<Verdict> verdict) {
        if (world.happens(Fault.VERDICT_BROKEN)) {
            verdict.completeExceptionally(new IllegalStateException("no answer from the authority"));
        } else if (!permits(request.client().hardware()) || world.happens(Fault.VERDICT_NEGATIVE)) {
            verdict.complete(new Verdict.Denied("not listed"));
        } else {
            Verdict yes = new Verdict.Granted(Optional.empty(), Optional.empty());
            granted.put(new Exchange(request.client().hardware(), request.xid()), yes);
            verdict.complete(yes);
        }
    }

    boolean granted(Request request) {
        return granted.containsKey(new Exchange(request.client().hardware(), request.xid()));
    }

    /** The server forgot every verdict. */
    void forget() {
        granted.clear();
    }
}
