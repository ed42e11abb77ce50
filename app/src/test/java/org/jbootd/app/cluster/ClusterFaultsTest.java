package org.jbootd.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jbootd.app.cli.Child;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three daemons on one PostgreSQL, while nodes and the database are killed, nodes stand still, and networks are cut: no address has
 * two holders, no holder is refused, everybody is served in the end, and the history says what the machines were told.
 *
 * <ul>
 *   <li>more of it: {@code -Djbootd.cluster.clients=20000 -Djbootd.cluster.seconds=300}
 *   <li>the same again, as far as many processes allow: {@code -Djbootd.cluster.seed=4711}
 * </ul>
 */
class ClusterFaultsTest {

    private static final int CLIENTS = Integer.getInteger("jbootd.cluster.clients", 300);
    private static final int SECONDS = Integer.getInteger("jbootd.cluster.seconds", 20);

    /** What it makes there is gone when its first process is, with all others. */
    private static final String IN_NAMESPACES =
            "mkdir -p /run/netns && mount -t tmpfs none /run/netns && \"$@\"; exit $?";

    @TempDir
    private Path directory;

    @Test
    void throughKillsPausesAndPartitionsNoAddressHasTwoHoldersAndEverybodyIsServed()
            throws IOException, InterruptedException {
        assumeNamespaces();
        long seed = Long.getLong("jbootd.cluster.seed", new Random().nextLong());
        System.out.printf("%,d machines, -Djbootd.cluster.seed=%d%n", CLIENTS, seed);
        List<String> command =
                new ArrayList<>(List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"));
        command.addAll(List.of("--mount-proc", "sh", "-c", IN_NAMESPACES, "sh"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Storm.class.getName(),
                String.valueOf(CLIENTS),
                String.valueOf(SECONDS),
                String.valueOf(seed),
                directory.toString()));
        try (Child storm = Child.run(directory, command)) {
            List<String> said = storm.output();
            said.forEach(System.out::println);
            assertThat(said).endsWith("0 complaints");
            assertThat(storm.exitStatus()).isZero();
        }
    }

    private static void assumeNamespaces() {
        boolean here = Stream.of("/usr/bin/unshare", "/usr/sbin/nft", "/usr/sbin/ip")
                .allMatch(tool -> Files.isExecutable(Path.of(tool)));
        String why = "skipped: needs root, unshare, ip and nft, for networks that can be cut";
        if (!here || !"root".equals(System.getProperty("user.name"))) {
            System.out.println(why);
            Assumptions.abort(why);
        }
    }
}
