package org.jbootd.domain.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jbootd.domain.client.Request;

/**
 * Backends in the order of {@code [bootp] access}: the first that knows the machine decides, and a machine that none knows
 * is denied. A backend that fails ends the question without a verdict; those behind it are not asked in its place. May be
 * shared by threads if its backends may.
 */
public final class AccessChain implements AccessControl {

    /** @param name as {@code [bootp] access} has it */
    public record Link(String name, AccessControl control) {}

    private final List<Link> links;

    public AccessChain(List<Link> links) {
        if (links.isEmpty()) {
            throw new IllegalArgumentException("without a backend nobody could be granted anything");
        }
        this.links = List.copyOf(links);
    }

    public List<Link> links() {
        return links;
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return ask(0, request, List.of());
    }

    /** @param unlisted why those before {@code index} do not decide */
    private CompletionStage<Verdict> ask(int index, Request request, List<String> unlisted) {
        if (index == links.size()) {
            return CompletableFuture.completedStage(
                    new Verdict.Denied(unlisted.stream().distinct().collect(Collectors.joining("; "))));
        }
        return decision(links.get(index).control(), request).thenCompose(verdict -> {
            if (verdict instanceof Verdict.Unlisted unknown) {
                List<String> reasons = new ArrayList<>(unlisted);
                reasons.add(unknown.why());
                return ask(index + 1, request, reasons);
            }
            return CompletableFuture.completedStage(verdict);
        });
    }

    private static CompletionStage<Verdict> decision(AccessControl control, Request request) {
        try {
            return Objects.requireNonNull(control.decide(request), "no stage");
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }
}
