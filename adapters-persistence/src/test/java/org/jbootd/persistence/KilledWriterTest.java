package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jbootd.domain.lease.Lease;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that stores leases is killed hard at random instants: whatever it was told is stored is there afterwards. More
 * of it: {@code -Djbootd.kills=100}; the same again, as far as two processes allow: {@code -Djbootd.kill.seed=4711}.
 */
class KilledWriterTest {

    private static final int KILLS = Integer.getInteger("jbootd.kills", 8);

    /** Of so many kills one is in a start: it is the second, so that the few in a short run have one, too. */
    private static final int KILLS_FOR_ONE_IN_A_START = 10;

    private static final int SLOWEST_START_MILLIS = 1500;
    private static final int MOST_COMMITS_BEFORE_A_KILL = 4000;

    /** The exit status of a process that SIGKILL ended. */
    private static final int KILLED = 137;

    private static final String NOT_OF_THE_HISTORY = """
            SELECT last.address, last.seq, lease.seq FROM
                (SELECT * FROM lease_event WHERE seq IN (SELECT MAX(seq) FROM lease_event GROUP BY address)) last
            LEFT JOIN lease ON lease.address = last.address
            WHERE lease.seq IS DISTINCT FROM last.seq OR lease.hardware <> last.hardware OR lease.state <> last.state
                OR lease.since <> last.since OR lease.until <> last.until OR lease.host_name <> last.host_name""";

    @TempDir
    private Path parent;

    /** Of each machine the number of the last renewal that was said to be stored. */
    private final Map<String, Integer> told = new HashMap<>();

    @Test
    void whatWasSaidToBeStoredIsThereAfterEveryKill() throws IOException, InterruptedException {
        long seed = Long.getLong("jbootd.kill.seed", System.nanoTime());
        System.out.printf("%d kills, -Djbootd.kill.seed=%d%n", KILLS, seed);
        Random random = new Random(seed);
        long sum = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            sum += kill % KILLS_FOR_ONE_IN_A_START == 1
                    ? killInItsStart(random.nextInt(SLOWEST_START_MILLIS))
                    : killAfter(random.nextInt(MOST_COMMITS_BEFORE_A_KILL));
            verify();
        }
        System.out.printf("%,d acknowledged commits, none lost%n", sum);
    }

    /** @param commits that the process says are stored before it is killed; what it says until it is dead counts too */
    private int killAfter(int commits) throws IOException, InterruptedException {
        Process process = writer();
        int lines = hear(process, line -> {
            if (line == commits) {
                process.toHandle().destroyForcibly(); // and leaves its output open
            }
        });
        assertThat(lines).isGreaterThan(commits);
        return lines;
    }

    /** Anywhere from its first instruction to somewhat after it has begun to store. */
    private int killInItsStart(int millis) throws IOException, InterruptedException {
        Process process = writer();
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(process.toHandle()::destroyForcibly);
        return hear(process, line -> {});
    }

    private Process writer() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RenewingWriter.class.getName(),
                        parent.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** @param counted is told each line's number, from 0 on @return how many there were when the process was dead */
    private int hear(Process process, IntConsumer counted) throws IOException, InterruptedException {
        int lines = 0;
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.endsWith(RenewingWriter.END)) {
                    String[] words = line.split(" ");
                    told.merge(words[0], Integer.valueOf(words[1]), Math::max);
                }
                counted.accept(lines++);
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("killed, not ended").isEqualTo(KILLED);
        return lines;
    }

    private void verify() {
        Map<String, Integer> stored = new HashMap<>();
        List<Lease> leases;
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(parent.resolve("data")))) {
            leases = store.load();
        }
        leases.forEach(lease -> stored.put(
                lease.client().hardware().toString(),
                Integer.valueOf(lease.hostName().orElseThrow())));
        assertThat(leases.stream().map(Lease::address)).doesNotHaveDuplicates();
        told.forEach((machine, renewal) ->
                assertThat(stored.get(machine)).as("renewals of %s", machine).isGreaterThanOrEqualTo(renewal));
        assertThat(Sqls.rows(parent.resolve("data"), NOT_OF_THE_HISTORY))
                .as("leases that are not what the history says")
                .isEmpty();
    }
}
