package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jbootd.app.DatabaseServer;
import org.jbootd.app.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two daemons under load on one PostgreSQL lose their processes, or the server's: no machine loses its address, and none is given
 * to two. Both daemons are known by 127.0.0.1 and hear all that machines say, so that both take each request for their own.
 *
 * <ul>
 *   <li>more of it: {@code -Djbootd.node.kills=50 -Djbootd.server.kills=50}
 *   <li>the same load again: {@code -Djbootd.kill.seed=4711}
 * </ul>
 */
class ClusterSurvivalTest {

    private static final int NODE_KILLS = Integer.getInteger("jbootd.node.kills", 2);
    private static final int SERVER_KILLS = Integer.getInteger("jbootd.server.kills", 2);
    private static final long SEED = Long.getLong("jbootd.kill.seed", System.nanoTime());

    /** Of so many kills one is in a start: it is the second, so that the few in a short run have one, too. */
    private static final int KILLS_FOR_ONE_IN_A_START = 10;

    private static final int SLOWEST_START_OF_A_NODE_MILLIS = 2500;
    private static final int SLOWEST_START_OF_A_SERVER_MILLIS = 400;

    private static final int NODES = 2;
    private static final int MACHINES = 500;
    private static final int MOST_ACKS_BEFORE_A_KILL = 500;
    private static final int LONGEST_ABSENCE_MILLIS = 1000;

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final List<CrowdDaemon> nodes = new ArrayList<>();
    private final List<Child> running = new ArrayList<>();
    private DatabaseServer server;
    private Machines machines;

    @BeforeEach
    void start() throws IOException {
        machines = new Machines(MACHINES, random, "m");
        server = TestDatabase.ownServer();
        for (int node = 0; node < NODES; node++) {
            nodes.add(new CrowdDaemon(
                    Files.createDirectory(directory.resolve("node" + node)), machines, MACHINES + 100, """
                    data_dir = leases
                    url = %s
                    user = %s
                    allocation = hashed
                    """.formatted(
                                    server.url("postgres"), DatabaseServer.USER)));
            running.add(launch(node));
            await(node);
        }
        faceAll();
    }

    @AfterEach
    void stop() throws IOException {
        running.forEach(Child::close);
        machines.close();
        if (server != null) {
            server.close();
        }
    }

    private Child launch(int node) throws IOException {
        return nodes.get(node).launch(List.of());
    }

    private void await(int node) throws IOException {
        machines.face(List.of(nodes.get(node).port()));
        machines.awaitAnswer();
    }

    private void faceAll() {
        machines.face(nodes.stream().map(CrowdDaemon::port).toList());
    }

    @Test
    void everyMachineKeepsItsAddressThroughKillsOfNodes() throws IOException, InterruptedException {
        System.out.printf("%d kills of nodes, -Djbootd.kill.seed=%d%n", NODE_KILLS, SEED);
        for (int kill = 0; kill < NODE_KILLS; kill++) {
            int node = random.nextInt(NODES);
            if (kill % KILLS_FOR_ONE_IN_A_START == 1) {
                running.get(node).kill(); // which does not count
                running.set(node, launch(node));
                loadFor(SLOWEST_START_OF_A_NODE_MILLIS);
            } else {
                machines.load(random.nextInt(MOST_ACKS_BEFORE_A_KILL));
            }
            running.get(node).kill();
            machines.load(random.nextInt(MOST_ACKS_BEFORE_A_KILL));
            machines.giveUp();
            nodes.get(node).assertKeepsWhatWasTold(machines);
            running.set(node, launch(node));
            await(node);
            faceAll();
        }
        assertEachNodeKnowsAll();
    }

    @Test
    void everyMachineKeepsItsAddressThroughKillsOfTheServer() throws IOException, InterruptedException {
        System.out.printf("%d kills of the server, -Djbootd.kill.seed=%d%n", SERVER_KILLS, SEED);
        for (int kill = 0; kill < SERVER_KILLS; kill++) {
            if (kill % KILLS_FOR_ONE_IN_A_START == 1) {
                server.kill(); // which does not count
                server.launch();
                loadFor(SLOWEST_START_OF_A_SERVER_MILLIS);
            } else {
                machines.load(random.nextInt(MOST_ACKS_BEFORE_A_KILL));
            }
            server.kill();
            loadFor(LONGEST_ABSENCE_MILLIS);
            machines.giveUp();
            server.restart();
            nodes.get(random.nextInt(NODES)).assertKeepsWhatWasTold(machines);
            machines.load(1 + random.nextInt(MOST_ACKS_BEFORE_A_KILL));
        }
        machines.giveUp();
        nodes.get(0).assertKeepsWhatWasTold(machines);
        assertThat(running).as("nobody started them again").allMatch(Child::isRunning);
        assertEachNodeKnowsAll();
    }

    /** Whoever is not there meanwhile. */
    private void loadFor(int mostMillis) throws IOException {
        machines.acknowledgedWithin(Duration.ofMillis(random.nextInt(mostMillis)));
    }

    private void assertEachNodeKnowsAll() throws IOException {
        for (CrowdDaemon node : nodes) {
            machines.face(List.of(node.port()));
            machines.confirmAll();
        }
        assertThat(machines.complaints()).isEmpty();
        System.out.printf(
                "%,d acknowledgements to %,d machines%n",
                machines.acknowledged(), machines.held().size());
    }
}
