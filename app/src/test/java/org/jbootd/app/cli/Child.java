package org.jbootd.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real program in a process of its own, or one that it works with. */
public final class Child implements AutoCloseable {

    private static final List<String> LISTENING = listening();

    private static final long PATIENCE_SECONDS = 60;
    private static final String END = "(end of output)";

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final BlockingQueue<String> arriving = new LinkedBlockingQueue<>();

    private Child(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** A shell has what it starts in the background ignore SIGINT, and nohup SIGHUP; a test run must not pass that on. */
    private static List<String> listening() {
        List<String> env = List.of("env", "--default-signal=INT,HUP");
        try {
            List<String> trial = new ArrayList<>(env);
            trial.add("true");
            boolean known = new ProcessBuilder(trial).start().waitFor() == 0;
            return known ? env : List.of();
        } catch (IOException | InterruptedException none) {
            return List.of();
        }
    }

    public static Child start(Path directory, String... arguments) throws IOException {
        return start(List.of(), directory, arguments);
    }

    /** @param prefix a command that becomes the program, as {@code env} does */
    public static Child start(List<String> prefix, Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(LISTENING);
        command.addAll(prefix);
        command.addAll(program(System.getProperty("java.class.path"), arguments));
        return run(directory, command);
    }

    /** The command line of the program. */
    static List<String> program(String classPath, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Jbootd.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Another program. */
    public static Child run(Path directory, List<String> command) throws IOException {
        return new Child(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(arriving::add);
        } catch (IOException | java.io.UncheckedIOException ended) {
            arriving.add("(output broken: " + ended + ")");
        } finally {
            arriving.add(END);
        }
    }

    /** Waits for a line with {@code text} in it. @return the line */
    public String await(String text) throws InterruptedException {
        while (true) {
            String line = arriving.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("'" + text + "' was never said, but " + lines);
            }
            lines.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** @param signal such as {@code TERM} */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    public long pid() {
        return process.pid();
    }

    /** Ends it as {@code kill -9} does, and waits for its end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Whether it ends by itself before so much time is over. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    public int exitStatus() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the process did not end; it said " + lines);
        }
        return process.exitValue();
    }

    /** All that it wrote, to stdout and to stderr; waits for its end. */
    public List<String> output() throws InterruptedException {
        while (true) {
            String line = arriving.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the process did not end; it said " + lines);
            }
            if (line.equals(END)) {
                return lines;
            }
            lines.add(line);
        }
    }

    /** Ends it as {@code kill -9} does; what it held, such as its ports, is free then. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
