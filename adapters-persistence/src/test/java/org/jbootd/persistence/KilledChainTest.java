package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes a history with a hash chain is killed hard at random instants, and what its database misses comes from the
 * journal: no event is missing in the chain or twice in it, and every head that was seen stays in it. More of it:
 * {@code -Djbootd.chain.kills=50}; the same again, as far as two processes allow: {@code -Djbootd.kill.seed=4711}.
 */
class KilledChainTest {

    private static final int KILLS = Integer.getInteger("jbootd.chain.kills", 4);
    private static final int MOST_COMMITS_BEFORE_A_KILL = 4000;

    @TempDir
    private Path parent;

    @Test
    void theChainGoesOnAfterEveryKill() throws Exception {
        long seed = Long.getLong("jbootd.kill.seed", System.nanoTime());
        System.out.printf("%d kills, -Djbootd.kill.seed=%d%n", KILLS, seed);
        Random random = new Random(seed);
        Path data = parent.resolve("data");
        ChainedHistory history = new ChainedHistory(data, random, 0);
        List<ChainHead> heads = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(data, random.nextInt(MOST_COMMITS_BEFORE_A_KILL));
            try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data))) {
                store.awaitHistory();
            }
            assertThat(history.verify(true, heads.toArray(ChainHead[]::new)).get(0))
                    .startsWith("events 1 to ")
                    .endsWith(" are a hash chain, and as they were written");
            heads.add(history.head());
            assertThat(Sqls.rows(data, "SELECT COUNT(*) - MAX(seq), COUNT(*) - COUNT(chain) FROM lease_event"))
                    .containsExactly("0|0");
        }
        System.out.printf("a chain of %,d events%n", heads.get(heads.size() - 1).seq());
    }

    /** @param commits that the process says are stored before it is killed */
    private static void runAndKill(Path data, int commits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RenewingWriter.class.getName(),
                        data.toString(),
                        "chain")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader()) {
            int lines = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (lines++ == commits) {
                    process.toHandle().destroyForcibly(); // and leaves its output open
                }
            }
            assertThat(lines).isGreaterThan(commits);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}
