package org.jbootd.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What goes to stdout, and whether it got there: what prints to it keeps silent about that, and an export to a full disk would be a
 * short file and no failure.
 */
final class StandardOutput extends FilterOutputStream {

    private static final Path OURS = Path.of("/proc/self/fd/1");

    /** The first one; null as long as all got there. */
    private IOException failure;

    private StandardOutput() {
        super(new FileOutputStream(FileDescriptor.out));
    }

    /** Puts it in the place of {@link System#out}. */
    static StandardOutput watched() {
        StandardOutput output = new StandardOutput();
        System.setOut(new PrintStream(new BufferedOutputStream(output), true));
        return output;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        try {
            out.write(octets, offset, length);
        } catch (IOException problem) {
            failure = failure == null ? problem : failure;
            throw problem;
        }
    }

    /**
     * @param status of a command that has written all it had to say
     * @return the same, or that of a failure, which {@code err} is told of
     */
    int status(int status, PrintWriter err) {
        if (failure == null || isPipe()) {
            return status;
        }
        err.println("jbootd: the output cannot be written: " + failure.getMessage());
        err.flush();
        return status == Jbootd.FINE ? Jbootd.REFUSED : status;
    }

    /** Whoever reads a pipe may have read enough, as {@code head} has; nothing else can go wrong with one. */
    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(OURS).toString().matches("(pipe|socket):.*");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
