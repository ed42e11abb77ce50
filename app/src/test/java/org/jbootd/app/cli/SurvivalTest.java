package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon under load loses its process or its disk: no machine loses its address, and none is given to two. */
class SurvivalTest {

    private static final int KILLS = Integer.getInteger("jbootd.kills", 4);
    private static final long SEED = Long.getLong("jbootd.kill.seed", System.nanoTime());

    /** Of so many kills one is in a start: it is the second, so that the few in a short run have one, too. */
    private static final int KILLS_FOR_ONE_IN_A_START = 10;

    private static final int SLOWEST_START_MILLIS = 2500;

    private static final int MACHINES = 1500;
    private static final int MOST_ACKS_BEFORE_A_KILL = 1500;

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private Machines machines;
    private CrowdDaemon daemon;

    private void furnish(String hostName) throws IOException {
        machines = new Machines(MACHINES, random, hostName);
        daemon = new CrowdDaemon(directory, machines, MACHINES + 100, "data_dir = disk/leases");
        machines.face(List.of(daemon.port()));
        Files.createDirectory(directory.resolve("disk"));
    }

    @AfterEach
    void close() {
        machines.close();
    }

    /** More of it: {@code -Djbootd.kills=200}; the same load again: {@code -Djbootd.kill.seed=4711}. */
    @Test
    void everyMachineKeepsItsAddressThroughKillsUnderLoad() throws IOException, InterruptedException {
        System.out.printf("%d kills, -Djbootd.kill.seed=%d%n", KILLS, SEED);
        furnish("m");
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_FOR_ONE_IN_A_START == 1) {
                killInItsStart();
            } else {
                killUnderLoad();
            }
            if (random.nextBoolean()) { // or the next start finds all as it was left
                daemon.assertKeepsWhatWasTold(machines);
            }
        }
        try (Child child = daemon.launch(List.of())) {
            machines.awaitAnswer();
            daemon.assertKeepsWhatWasTold(machines);
            machines.confirmAll();
            machines.load(MACHINES);
            machines.giveUp();
            daemon.assertKeepsWhatWasTold(machines);
            child.kill();
        }
        System.out.printf(
                "%,d acknowledgements to %,d machines%n",
                machines.acknowledged(), machines.held().size());
    }

    private void killUnderLoad() throws IOException, InterruptedException {
        try (Child child = daemon.launch(List.of())) {
            machines.awaitAnswer();
            daemon.assertKeepsWhatWasTold(machines);
            machines.load(random.nextInt(MOST_ACKS_BEFORE_A_KILL));
            child.kill();
        }
        machines.giveUp();
    }

    /** Anywhere from the first instruction of the process to somewhat after it serves. */
    private void killInItsStart() throws IOException, InterruptedException {
        Duration life = Duration.ofMillis(random.nextInt(SLOWEST_START_MILLIS));
        try (Child child = daemon.launch(List.of())) {
            assertThat(child.endsWithin(life)).as("ended by itself").isFalse();
            child.kill();
        }
        System.out.printf("killed %d ms after its start%n", life.toMillis());
    }

    /** A disk of its own in a mount namespace of the daemon's own, which ends with it. */
    private static List<String> smallDisk(Path where) {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/unshare")),
                "needs root, to mount a small disk in a mount namespace");
        return List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=64m none " + where + " && exec \"$@\"", "sh");
    }

    @Test
    void aFullDiskStopsAcknowledgementsUntilThereIsRoomAgain() throws IOException, InterruptedException {
        Path disk = directory.resolve("disk");
        furnish("a-name-that-fills-the-disk-".repeat(9));
        try (Child child = daemon.launch(smallDisk(disk))) {
            machines.load(500);
            Path seenFromOutside = Path.of("/proc", String.valueOf(child.pid()), "root" + disk);
            Path fill = seenFromOutside.resolve("fill");
            fill(fill);
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> machines.acknowledgedWithin(Duration.ofSeconds(2)) == 0);
            child.await("the lease journal cannot be written now, trying again until it can: No space left on device");
            Files.delete(fill);
            machines.load(500);
            machines.confirmAll();
            assertThat(machines.complaints()).isEmpty();
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] octets = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(octets);
            }
        } catch (IOException full) {
            assertThat(Files.size(file)).isPositive();
        }
    }
}
