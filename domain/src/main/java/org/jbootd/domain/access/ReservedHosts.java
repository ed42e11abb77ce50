package org.jbootd.domain.access;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;

/**
 * The machines of {@code [static_dhcp]}, who are granted by being named there. It stands behind the lists, which may say
 * otherwise. May be shared by threads.
 */
public final class ReservedHosts implements AccessControl {

    private final Set<HardwareAddress> hosts;

    public ReservedHosts(Set<HardwareAddress> hosts) {
        this.hosts = Set.copyOf(hosts);
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return CompletableFuture.completedStage(
                hosts.contains(request.client().hardware())
                        ? Verdict.GRANTED
                        : new Verdict.Unlisted("not in [static_dhcp]"));
    }
}
