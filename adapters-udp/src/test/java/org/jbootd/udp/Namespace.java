package org.jbootd.udp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;

/** A Linux network namespace of a test's own. Sockets opened {@link #within} it stay in it, whatever thread uses them. */
public final class Namespace implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x4000_0000;

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Skips the test where there are no namespaces, or no right to make them. */
    public static Namespace create(String role) {
        Namespace namespace = new Namespace("jbootd-" + ProcessHandle.current().pid() + "-" + role);
        try {
            run("ip", "netns", "add", namespace.name);
        } catch (IOException e) {
            Assumptions.abort("needs root and network namespaces: " + e.getMessage());
        }
        namespace.ip("link", "set", "lo", "up");
        return namespace;
    }

    /** Connects two namespaces by a cable of two interfaces. */
    public static void cable(Namespace one, String oneEnd, Namespace other, String otherEnd) {
        one.ip("link", "add", oneEnd, "type", "veth", "peer", "name", otherEnd, "netns", other.name);
        one.ip("link", "set", oneEnd, "up");
        other.ip("link", "set", otherEnd, "up");
    }

    /** Runs {@code ip} inside. */
    public void ip(String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = name;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        try {
            run(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Calls {@code task} on a thread of its own that has entered the namespace. */
    public <T> T within(Callable<T> task) throws Exception {
        FutureTask<T> entered = new FutureTask<>(() -> {
            enter();
            return task.call();
        });
        new Thread(entered, name).start();
        try {
            return entered.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void enter() {
        int descriptor = LibC.open("/run/netns/" + name, 0);
        LibC.setns(descriptor, CLONE_NEWNET);
        LibC.close(descriptor);
    }

    @Override
    public void close() {
        try {
            run("ip", "netns", "delete", name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class LibC {

        static {
            Native.register("c");
        }

        static native int open(String path, int flags) throws LastErrorException;

        static native int setns(int descriptor, int type) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;
    }
}
