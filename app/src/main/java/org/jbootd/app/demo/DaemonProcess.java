package org.jbootd.app.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A daemon in a process of its own. One thread reads what it logs; the others here may ask from any thread. */
final class DaemonProcess implements AutoCloseable {

    /** Lines of the log that are kept to be shown. */
    private static final int TAIL = 25;

    private static final Duration END = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;
    private final Deque<String> tail = new ArrayDeque<>();
    private boolean ready;
    private boolean logEnded;

    private DaemonProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the daemon.
     *
     * @param command how this program is started, without arguments
     * @param log the file that the daemon's lines are added to
     */
    static DaemonProcess start(List<String> command, Path config, Path log) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("-c", config.toString()));
        Process process = new ProcessBuilder(line)
                .directory(config.getParent().toFile())
                .redirectErrorStream(true)
                .start();
        DaemonProcess daemon = new DaemonProcess(process, log);
        Thread reader = new Thread(daemon::readLog, "daemon-log");
        reader.setDaemon(true);
        reader.start();
        return daemon;
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader();
                BufferedWriter copy =
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line);
                copy.newLine();
                copy.flush();
                remember(line);
            }
        } catch (IOException | UncheckedIOException e) {
            remember("(the log could not be read on: " + e.getMessage() + ")");
        } finally {
            endOfLog();
        }
    }

    private synchronized void remember(String line) {
        tail.addLast(line);
        if (tail.size() > TAIL) {
            tail.removeFirst();
        }
        ready |= line.contains("ready");
        notifyAll();
    }

    private synchronized void endOfLog() {
        logEnded = true;
        notifyAll();
    }

    /** Waits until the daemon says that it is ready. */
    synchronized void awaitReady(Duration patience) throws StepFailed, InterruptedException {
        Deadline deadline = new Deadline(patience);
        while (!ready) {
            if (logEnded) {
                throw new StepFailed("the server ended before it was ready" + exitStatus());
            }
            if (deadline.isOver()) {
                throw new StepFailed("the server was not ready within " + patience.toSeconds() + " s");
            }
            wait(deadline.millisLeft());
        }
    }

    private String exitStatus() {
        return process.isAlive() ? "" : ", with exit status " + process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    /** Empty while it runs. */
    synchronized List<String> lastLines() {
        return List.copyOf(tail);
    }

    /** Ends it as {@code kill -9} does: it learns nothing of it, and can put nothing in order. */
    void kill() throws StepFailed, InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to stop, as {@code kill} does; returns its exit status. */
    int stop() throws StepFailed, InterruptedException {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() throws StepFailed, InterruptedException {
        if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StepFailed("the server did not end within " + END.toSeconds() + " s");
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Leaves no process behind, whatever happened. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
