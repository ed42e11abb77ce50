package org.jbootd.app.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jbootd.app.cli.Child;

/** One node's daemon, which somebody starts again whenever it has ended. For one thread. */
final class Daemon implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int node;
    private final Path directory;
    private final String settings;
    private int lives;
    private Path log;
    private Child child;

    /** @param settings without {@code [logger]} and {@code [tftp]} */
    Daemon(int node, Path directory, String settings) throws IOException {
        this.node = node;
        this.directory = Files.createDirectory(directory.resolve("node" + node));
        this.settings = settings;
    }

    /** Waits for nothing. Each life has a log of its own. */
    void launch() throws IOException {
        lives++;
        log = directory.resolve("log-" + lives);
        Path file = directory.resolve("jbootd.ini");
        Files.writeString(file, """
                [logger]
                type = file
                file = %s
                level = info
                [tftp]
                root = %s
                """.formatted(log, directory) + settings);
        child = Child.start(Place.in(node), directory, "-c", file.toString());
    }

    /** Starts it as often as it takes until it serves: while there is no database it ends again. */
    void start() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        launch();
        while (!isReady()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("node " + node + " does not start: " + child.output());
            }
            if (child.endsWithin(Duration.ofMillis(50))) {
                launch();
            }
        }
    }

    private boolean isReady() throws IOException {
        return Files.exists(log) && Files.readString(log).contains("ready, ");
    }

    void kill() throws InterruptedException {
        child.kill();
    }

    void pause() throws IOException, InterruptedException {
        child.signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        child.signal("CONT");
    }

    @Override
    public void close() {
        child.close();
    }
}
