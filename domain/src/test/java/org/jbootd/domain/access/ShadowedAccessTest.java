package org.jbootd.domain.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShadowedAccessTest {

    private static final Request REQUEST = MacListTest.from(HardwareAddress.parse("AA-BB-CC-00-00-01"));
    private static final Verdict NAMED = new Verdict.Granted(Optional.of("node1"), Optional.of("node1.cfg"));
    private static final Verdict DENIED = new Verdict.Denied("no");

    private final List<String> heard = new ArrayList<>();

    record Row(Verdict obeyed, CompletionStage<Verdict> shadow, String heard) {
        @Override
        public String toString() {
            return heard;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(Verdict.GRANTED, said(Verdict.GRANTED), "granted / granted"),
                new Row(Verdict.GRANTED, said(DENIED), "granted / denied"),
                new Row(DENIED, said(Verdict.GRANTED), "denied / granted"),
                new Row(DENIED, said(new Verdict.Denied("for another reason")), "denied / denied"),
                new Row(DENIED, said(new Verdict.Unlisted("not there")), "denied / denied"),
                new Row(NAMED, said(Verdict.GRANTED), "granted, called node1, file node1.cfg / granted"),
                new Row(
                        Verdict.GRANTED,
                        CompletableFuture.failedStage(new IllegalStateException("down")),
                        "granted / no verdict"));
    }

    private static CompletionStage<Verdict> said(Verdict verdict) {
        return CompletableFuture.completedStage(verdict);
    }

    private CompletableFuture<Verdict> decide(AccessControl obeyed, AccessControl shadow) {
        return new ShadowedAccess(obeyed, shadow, (request, one, other) -> heard.add(one + " / " + other))
                .decide(REQUEST)
                .toCompletableFuture();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void oneIsObeyedAndBothAreHeard(Row row) {
        assertThat(decide(request -> said(row.obeyed()), request -> row.shadow()))
                .isCompletedWithValue(row.obeyed());
        assertThat(heard).containsExactly(row.heard());
    }

    @Test
    void aShadowThatNeverAnswersDelaysNothing() {
        CompletableFuture<Verdict> never = new CompletableFuture<>();

        assertThat(decide(request -> said(Verdict.GRANTED), request -> never)).isCompletedWithValue(Verdict.GRANTED);
        assertThat(heard).isEmpty();
        never.complete(DENIED);
        assertThat(heard).containsExactly("granted / denied");
    }

    @Test
    void aShadowThatThrowsHarmsNothing() {
        assertThat(decide(request -> said(Verdict.GRANTED), request -> {
                    throw new IllegalStateException("broken");
                }))
                .isCompletedWithValue(Verdict.GRANTED);
        assertThat(decide(request -> said(DENIED), request -> null)).isCompletedWithValue(DENIED);
        assertThat(heard).containsExactly("granted / no verdict", "denied / no verdict");
    }

    @Test
    void aFailureOfTheOneThatIsObeyedStaysOne() {
        assertThat(decide(
                        request -> CompletableFuture.failedStage(new IllegalStateException("down")),
                        request -> said(Verdict.GRANTED)))
                .isCompletedExceptionally();
        assertThat(heard).containsExactly("no verdict / granted");
    }
}
