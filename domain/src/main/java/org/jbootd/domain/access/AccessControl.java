package org.jbootd.domain.access;

import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.Request;

/** Port: who may have an address and boot. Asked once for each exchange; fails closed. */
@FunctionalInterface
public interface AccessControl {

    /** Everybody, as without {@code [bootp] access}. */
    AccessControl EVERYBODY = request -> java.util.concurrent.CompletableFuture.completedStage(Verdict.GRANTED);

    /** Never blocks. An exceptional completion counts as {@link Verdict.Denied}. */
    CompletionStage<Verdict> decide(Request request);
}
