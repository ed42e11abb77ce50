package org.jbootd.domain.access;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.client.Request;

/**
 * Obeys one backend, and asks another only to hear what it would have said. The other one neither changes nor delays a
 * verdict, whatever it does. May be shared by threads if both may.
 */
public final class ShadowedAccess implements AccessControl {

    /** Hears of each comparison, on the thread on which the later of the two verdicts came. */
    @FunctionalInterface
    public interface Comparison {

        /** What the two said, in words; equal when they agree. */
        void compare(Request request, String obeyed, String shadow);
    }

    private final AccessControl obeyed;
    private final AccessControl shadow;
    private final Comparison comparison;

    public ShadowedAccess(AccessControl obeyed, AccessControl shadow, Comparison comparison) {
        this.obeyed = obeyed;
        this.shadow = shadow;
        this.comparison = comparison;
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        CompletionStage<Verdict> verdict = obeyed.decide(request);
        CompletionStage<String> said = inWords(verdict);
        said.thenCombine(inWords(ask(request)), (one, other) -> {
            comparison.compare(request, one, other);
            return null;
        });
        return verdict;
    }

    private CompletionStage<Verdict> ask(Request request) {
        try {
            return Objects.requireNonNull(shadow.decide(request), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private static CompletionStage<String> inWords(CompletionStage<Verdict> verdict) {
        return verdict.handle((given, failure) -> failure == null ? inWords(given) : "no verdict");
    }

    /** Without the reasons, which differ between backends that agree. */
    private static String inWords(Verdict verdict) {
        if (verdict instanceof Verdict.Granted granted) {
            return "granted"
                    + granted.hostName().map(name -> ", called " + name).orElse("")
                    + granted.bootFile().map(file -> ", file " + file).orElse("");
        }
        return "denied";
    }
}
