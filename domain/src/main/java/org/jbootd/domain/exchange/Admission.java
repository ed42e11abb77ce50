package org.jbootd.domain.exchange;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/** Asks access control, and fails closed: whatever is no grant is a silence with a reason. */
final class Admission {

    private Admission() {}

    static CompletionStage<Verdict> ask(AccessControl access, Request request) {
        try {
            return Objects.requireNonNull(access.decide(request), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /** @param verdict anything but a grant; null when there is none, because of {@code failure} */
    static Answer.Silence refusal(Verdict verdict, Throwable failure) {
        if (verdict instanceof Verdict.Denied denied) {
            return new Answer.Silence(Reason.DENIED, denied.why());
        }
        if (verdict instanceof Verdict.Unlisted unlisted) {
            return new Answer.Silence(Reason.DENIED, unlisted.why());
        }
        return new Answer.Silence(Reason.NO_VERDICT, reason(failure));
    }

    private static String reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    /** Without what a {@link CompletionStage} puts around it. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
