package org.jbootd.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The daemon in a process of its own, on the loopback interface. For one thread. */
final class LoadedDaemon implements AutoCloseable {

    private static final String END = "(the log has ended)";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port = freePort();
    private final BlockingQueue<String> milestones = new LinkedBlockingQueue<>();
    private Process process;

    /** @param directory for its settings, leases and log */
    LoadedDaemon(Path directory) throws IOException {
        this.directory = directory;
    }

    static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket()) {
            return free.getLocalPort();
        }
    }

    /** For DHCP requests. */
    int port() {
        return port;
    }

    /** @param switches beside the one that names its settings */
    void start(String settings, String... switches) throws IOException, InterruptedException {
        Files.writeString(config(), settings);
        List<String> command = new ArrayList<>(List.of("./jbootd", "-c", config().toString()));
        command.addAll(List.of(switches));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(process::destroyForcibly)); // wherever the measurement is broken off
        Thread reader = new Thread(this::readLog, "daemon-log");
        reader.setDaemon(true);
        reader.start();
        await("ready");
    }

    /** Has it go on by other settings. */
    void reload(String settings) throws IOException, InterruptedException {
        Files.writeString(config(), settings);
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

    private Path config() {
        return directory.resolve("jbootd.ini");
    }

    private Path log() {
        return directory.resolve("daemon.log");
    }

    ProcessState state() throws IOException {
        return ProcessState.of(process.pid());
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
