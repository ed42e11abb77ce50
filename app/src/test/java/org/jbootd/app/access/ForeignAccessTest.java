package org.jbootd.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jbootd.domain.access.BadSetting;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignAccessTest {

    private static final Request REQUEST = new Request(
            1,
            ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-01")),
            BootStage.FIRMWARE,
            "lan",
            Ipv4.UNSPECIFIED,
            List.of(),
            Optional.empty(),
            Optional.empty());

    @TempDir
    private Path directory;

    @BeforeEach
    void furnish() throws IOException {
        BackendJar.write(directory.resolve("scripted.jar"), ScriptedBackend.class.getName());
    }

    private ForeignAccess open(String answer, Duration timeout) throws BadSetting {
        return ForeignAccess.open(new ForeignAccess.Settings("scripted", directory, Map.of("answer", answer), timeout));
    }

    @Test
    void itSaysWhatTheBackendSays() throws Exception {
        int before = ScriptedBackend.CLOSED.get();
        try (ForeignAccess access = open("node1", Duration.ofSeconds(20))) {
            assertThat(access.decide(REQUEST).toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .isEqualTo(new Verdict.Granted(Optional.of("node1"), Optional.empty()));
        }
        assertThat(ScriptedBackend.CLOSED).hasValue(before + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "throw, the backend scripted failed: java.lang.IllegalStateException: no route",
        "nothing, the backend scripted failed: java.lang.NullPointerException: no stage",
    })
    void aFailureIsNoVerdict(String answer, String message) throws Exception {
        try (ForeignAccess access = open(answer, Duration.ofSeconds(20))) {
            assertThatThrownBy(
                            () -> access.decide(REQUEST).toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(RuntimeException.class)
                    .cause()
                    .hasMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource({"block", "never"})
    void aBackendThatIsTooSlowIsGivenUp(String answer) throws Exception {
        try (ForeignAccess access = open(answer, Duration.ofMillis(50))) {
            assertThatThrownBy(
                            () -> access.decide(REQUEST).toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .cause()
                    .hasMessage("the backend scripted gave no verdict within 50 ms");
        }
    }

    @Test
    void moreQuestionsThanCanWaitGetNoVerdictAtOnce() throws Exception {
        try (ForeignAccess access = open("block", Duration.ofSeconds(20))) {
            List<CompletableFuture<Verdict>> verdicts = Stream.generate(
                            () -> access.decide(REQUEST).toCompletableFuture())
                    .limit(ForeignAccess.THREADS + ForeignAccess.QUESTIONS_WAITING)
                    .toList();

            assertThat(verdicts).noneMatch(CompletableFuture::isDone);
            assertThat(access.decide(REQUEST).toCompletableFuture()).isCompletedExceptionally();
        }
    }

    @Test
    void whatTheSectionSaysWrongIsToldByItsKey() {
        assertThatThrownBy(() -> open("wrong", Duration.ofSeconds(1)))
                .isInstanceOf(BadSetting.class)
                .hasMessage("'wrong' is no answer; write grant");
        assertThatThrownBy(() -> open("breaks", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the backend 'scripted' cannot be opened: no library");
    }

    record Row(String sentence, List<String> classes, String complaint) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> uselessJars() {
        String scripted = ScriptedBackend.class.getName();
        return Stream.of(
                new Row("a class that is not there", List.of("org.example.None"), "cannot be used: "),
                new Row("a class that is no backend", List.of(BackendJar.class.getName()), "cannot be used: "),
                new Row(
                        "a name of two words",
                        List.of(ScriptedBackend.Nameless.class.getName()),
                        "calls itself 'my backend'; a name has small letters, digits and dashes"),
                new Row("one name twice", List.of(scripted), "two backends in "));
    }

    @ParameterizedTest
    @MethodSource("uselessJars")
    void aJarThatIsOfNoUseIsSaid(Row row) throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        BackendJar.write(other.resolve("a.jar"), row.classes().toArray(String[]::new));
        if (row.complaint().startsWith("two")) {
            BackendJar.write(other.resolve("b.jar"), Twin.class.getName());
        }

        assertThatThrownBy(() -> ForeignBackends.in(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(row.complaint())
                .hasMessageContaining("'" + other + "'");
    }

    /** Another class by the same name. */
    public static final class Twin implements org.jbootd.domain.access.AccessBackend {
        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public org.jbootd.domain.access.AccessControl open(Map<String, String> settings) {
            return org.jbootd.domain.access.AccessControl.EVERYBODY;
        }
    }

    @Test
    void aFileThatIsNoJarIsNamed() throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("a.jar"), "no jar");

        assertThatThrownBy(() -> ForeignBackends.in(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.jar' cannot be read as a jar");
    }
}
