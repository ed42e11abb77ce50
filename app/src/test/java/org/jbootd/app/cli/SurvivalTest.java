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
import org.jbootd.app.FreePorts;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon under load loses its process or its disk: no machine loses its address, and none is given to two. */
class SurvivalTest {

    private static final int KILLS = Integer.getInteger("jbootd.kills", 4);

    /** Of so many kills one is in a start: it is the second, so that the few in a short run have one, too. */
    private static final int KILLS_FOR_ONE_IN_A_START = 10;

    private static final int SLOWEST_START_MILLIS = 2500;

    private static final int MACHINES = 1500;
    private static final int MOST_ACKS_BEFORE_A_KILL = 1500;

    @TempDir
    private Path directory;

    private int serverPort;
    private int replyPort;

    @BeforeEach
    void furnish() throws IOException {
        serverPort = FreePorts.free();
        replyPort = FreePorts.free();
        Files.writeString(directory.resolve("jbootd.ini"), """
                [logger]
                level = warning
                [bootp]
                pool_start = 127.1.0.1
                pool_count = %d
                boot_file = a
                allow_simple_dhcp = on
                port = %d
                reply_port = %d
                [leases]
                data_dir = disk/leases
                """.formatted(MACHINES + 100, serverPort, replyPort));
        Files.createDirectory(directory.resolve("disk"));
    }

    private Child daemon(String... prefix) throws IOException {
        return Child.start(
                List.of(prefix),
                directory,
                "-p",
                "-c",
                directory.resolve("jbootd.ini").toString());
    }

    private Machines machines(Random random, String hostName) throws IOException {
        return new Machines(serverPort, replyPort, MACHINES, random, hostName);
    }

    /** More of it: {@code -Djbootd.kills=100}; the same load again: {@code -Djbootd.kill.seed=4711}. */
    @Test
    void everyMachineKeepsItsAddressThroughKillsUnderLoad() throws IOException, InterruptedException {
        long seed = Long.getLong("jbootd.kill.seed", System.nanoTime());
        System.out.printf("%d kills, -Djbootd.kill.seed=%d%n", KILLS, seed);
        Random random = new Random(seed);
        try (Machines machines = machines(random, "m")) {
            for (int kill = 0; kill < KILLS; kill++) {
                if (kill % KILLS_FOR_ONE_IN_A_START == 1) {
                    killInItsStart(random);
                } else {
                    killUnderLoad(machines, random);
                }
                assertThat(verify()).anyMatch(line -> line.endsWith("the leases are what the history says"));
            }
            try (Child child = daemon()) {
                machines.confirmAll();
                machines.load(MACHINES);
                child.kill();
            }
            System.out.printf(
                    "%,d acknowledgements to %,d machines%n",
                    machines.acknowledged(), machines.held().size());
            assertThat(machines.complaints()).isEmpty();
        }
    }

    private void killUnderLoad(Machines machines, Random random) throws IOException, InterruptedException {
        try (Child child = daemon()) {
            machines.load(random.nextInt(MOST_ACKS_BEFORE_A_KILL));
            child.kill();
        }
        machines.giveUp();
    }

    /** Anywhere from the first instruction of the process to somewhat after it serves. */
    private void killInItsStart(Random random) throws IOException, InterruptedException {
        Duration life = Duration.ofMillis(random.nextInt(SLOWEST_START_MILLIS));
        try (Child child = daemon()) {
            assertThat(child.endsWithin(life)).as("ended by itself").isFalse();
            child.kill();
        }
        System.out.printf("killed %d ms after its start%n", life.toMillis());
    }

    /** @return what {@code jbootd leases verify} says of what the daemon left */
    private List<String> verify() throws IOException, InterruptedException {
        try (Child child = Child.start(directory, "leases", "verify", "--data-dir", "disk/leases")) {
            List<String> said = child.output();
            assertThat(child.exitStatus()).as("%s", said).isZero();
            return said;
        }
    }

    /** A disk of its own in a mount namespace of the daemon's own, which ends with it. */
    private static String[] smallDisk(Path where) {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/unshare")),
                "needs root, to mount a small disk in a mount namespace");
        return new String[] {
            "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=64m none " + where + " && exec \"$@\"", "sh"
        };
    }

    @Test
    void aFullDiskStopsAcknowledgementsUntilThereIsRoomAgain() throws IOException, InterruptedException {
        Path disk = directory.resolve("disk");
        try (Machines machines = machines(new Random(1), "a-name-that-fills-the-disk-".repeat(9));
                Child child = daemon(smallDisk(disk))) {
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
