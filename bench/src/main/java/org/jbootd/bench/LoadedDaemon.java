package org.jbootd.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The daemon in a process of its own, on the loopback interface, asking an authority about all machines but those of
 * {@link #LISTED}. For one thread.
 */
final class LoadedDaemon implements AutoCloseable {

    /** The first three octets of MAC addresses that {@code [mac]} lists. */
    static final String LISTED = "02-00-01";

    private static final String END = "(the log has ended)";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int replyPort;
    private final Duration timeout;
    private final int port;
    private final BlockingQueue<String> milestones = new LinkedBlockingQueue<>();
    private Process process;

    /**
     * @param directory for its settings, leases and log
     * @param replyPort where machines take replies
     * @param timeout how long a verdict may take, in whole seconds
     */
    LoadedDaemon(Path directory, int replyPort, Duration timeout) throws IOException {
        this.directory = directory;
        this.replyPort = replyPort;
        this.timeout = timeout;
        try (DatagramSocket free = new DatagramSocket()) {
            this.port = free.getLocalPort();
        }
    }

    /** Where it takes requests. */
    int port() {
        return port;
    }

    /** @param authority whom it asks */
    void start(URI authority) throws IOException, InterruptedException {
        Files.writeString(config(), settings(authority));
        process = new ProcessBuilder("./jbootd", "-p", "-c", config().toString())
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(process::destroyForcibly)); // wherever the measurement is broken off
        Thread reader = new Thread(this::readLog, "daemon-log");
        reader.setDaemon(true);
        reader.start();
        await("ready");
    }

    /** Has it ask another authority from now on. */
    void ask(URI authority) throws IOException, InterruptedException {
        Files.writeString(config(), settings(authority));
        int status = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("the daemon has ended; see " + log());
        }
        await("taken over");
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader();
                BufferedWriter copy = Files.newBufferedWriter(log())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line);
                copy.newLine();
                if (line.contains(" daemon: ")) {
                    copy.flush();
                    milestones.add(line);
                }
            }
        } catch (IOException e) {
            milestones.add("the log could not be read on: " + e);
        } finally {
            milestones.add(END);
        }
    }

    private void await(String words) throws IOException, InterruptedException {
        String line;
        do {
            line = milestones.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null || line.equals(END)) {
                throw new IOException("the daemon did not say '" + words + "' in time; see " + log());
            }
        } while (!line.contains(words));
    }

    private String settings(URI authority) {
        String trust = authority.getScheme().equals("https") ? "ca = ../" + SickAuthority.TRUSTED : "";
        return """
                [bootp]
                interface = lo
                pool_start = 127.64.0.1
                pool_count = 100000
                port = %d
                reply_port = %d
                boot_file = boot.0
                access = mac, http

                [mac]
                %s/24 = on

                [http]
                location = %s
                %s
                pxe = boot
                dhcp = linux
                timeout = %d

                [leases]
                data_dir = leases
                """.formatted(port, replyPort, LISTED, authority, trust, timeout.toSeconds());
    }

    private Path config() {
        return directory.resolve("jbootd.ini");
    }

    private Path log() {
        return directory.resolve("daemon.log");
    }

    /** Ends it as {@code kill} does, and leaves no process behind. */
    @Override
    public void close() throws IOException {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the daemon did not end; see " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
