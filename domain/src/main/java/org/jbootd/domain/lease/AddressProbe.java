package org.jbootd.domain.lease;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.Ipv4;

/** Asks the network whether somebody uses an address (RFC 2131 §2.2, RFC 5227 §2.1). */
@FunctionalInterface
public interface AddressProbe {

    /** Nobody is asked. */
    AddressProbe NONE = (address, request) -> CompletableFuture.completedStage(false);

    /**
     * @param request of the machine that the address is meant for; where it sits, the address is asked for
     * @return true when another machine answers for it; within a second, and never by waiting on the calling thread. One that
     *     cannot be asked, or a failure, counts as no answer.
     */
    CompletionStage<Boolean> isInUse(Ipv4 address, Request request);
}
