package org.jbootd.domain.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccessChainTest {

    private static final HardwareAddress MAC = HardwareAddress.parse("AA-BB-CC-00-00-01");
    private static final Verdict NAMED = new Verdict.Granted(Optional.of("node1"), Optional.empty());
    private static final Verdict DENIED = new Verdict.Denied("denied by b");
    private static final Verdict UNLISTED = new Verdict.Unlisted("not in a");

    private final List<Integer> asked = new ArrayList<>();

    record Row(String sentence, List<Verdict> links, Verdict expected, int asked) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("the first that grants decides", List.of(NAMED, DENIED), NAMED, 1),
                new Row("the first that denies decides", List.of(DENIED, NAMED), DENIED, 1),
                new Row("who does not know leaves it to the next", List.of(UNLISTED, NAMED), NAMED, 2),
                new Row("and the next may deny", List.of(UNLISTED, DENIED), DENIED, 2),
                new Row(
                        "whom nobody knows is denied, for the reasons of all",
                        List.of(UNLISTED, new Verdict.Unlisted("not in b"), UNLISTED),
                        new Verdict.Denied("not in a; not in b"),
                        3));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decides(Row row) {
        List<AccessChain.Link> links = new ArrayList<>();
        row.links().forEach(verdict -> links.add(link(CompletableFuture.completedStage(verdict))));

        assertThat(decide(links)).isCompletedWithValue(row.expected());
        assertThat(asked).hasSize(row.asked());
    }

    @Test
    void whoFailsEndsTheQuestionAndNobodyStandsIn() {
        List<AccessChain.Link> links = List.of(
                link(CompletableFuture.failedStage(new IllegalStateException("down"))),
                link(CompletableFuture.completedStage(Verdict.GRANTED)));

        assertThat(decide(links)).isCompletedExceptionally();
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoThrowsHasFailed() {
        AccessChain.Link broken = new AccessChain.Link("broken", request -> {
            throw new IllegalStateException("broken");
        });
        AccessChain.Link silent = new AccessChain.Link("silent", request -> null);

        assertThat(decide(List.of(broken, link(CompletableFuture.completedStage(Verdict.GRANTED)))))
                .isCompletedExceptionally();
        assertThat(decide(List.of(silent))).isCompletedExceptionally();
        assertThat(asked).isEmpty();
    }

    @Test
    void theNextIsAskedWhenTheFirstHasSaidThatItDoesNotKnow() {
        CompletableFuture<Verdict> slow = new CompletableFuture<>();
        CompletableFuture<Verdict> verdict =
                decide(List.of(link(slow), link(CompletableFuture.completedStage(Verdict.GRANTED))));

        assertThat(verdict).isNotDone();
        slow.complete(UNLISTED);
        assertThat(verdict).isCompletedWithValue(Verdict.GRANTED);
    }

    @Test
    void reservedHostsAreGrantedAndOthersLeftToTheNext() {
        ReservedHosts reserved = new ReservedHosts(Set.of(MAC));

        assertThat(reserved.decide(MacListTest.from(MAC)).toCompletableFuture()).isCompletedWithValue(Verdict.GRANTED);
        assertThat(reserved.decide(MacListTest.from(HardwareAddress.parse("AA-BB-CC-00-00-02")))
                        .toCompletableFuture())
                .isCompletedWithValue(new Verdict.Unlisted("not in [static_dhcp]"));
    }

    @Test
    void theReasonOfAFailureIsKept() {
        List<AccessChain.Link> links = List.of(
                link(CompletableFuture.completedStage(UNLISTED)),
                link(CompletableFuture.failedStage(new IllegalStateException("down"))));

        assertThat(decide(links).handle((verdict, failure) -> failure).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("down");
    }

    private AccessChain.Link link(CompletionStage<Verdict> verdict) {
        return new AccessChain.Link("link", request -> {
            asked.add(request.xid());
            return verdict;
        });
    }

    private static CompletableFuture<Verdict> decide(List<AccessChain.Link> links) {
        Request request = MacListTest.from(MAC);
        return new AccessChain(links).decide(request).toCompletableFuture();
    }
}
