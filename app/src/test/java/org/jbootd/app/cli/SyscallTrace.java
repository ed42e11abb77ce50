package org.jbootd.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code strace -f -v -xx} wrote down of a process, in the order in which calls ended. */
final class SyscallTrace {

    /** What becomes a traced process, whose end is the last line. Replies and rows are longer than the few octets which are kept otherwise. */
    static List<String> tracing(Path output, String calls) {
        return List.of(
                "strace",
                "--daemonize",
                "-f",
                "--seccomp-bpf",
                "-v",
                "-xx",
                "-s",
                "16384",
                "-e",
                "trace=" + calls,
                "-e",
                "signal=none",
                "-o",
                output.toString());
    }

    /**
     * A call.
     *
     * @param begun number of the line at which it had begun; a call that ended at an earlier one was over before
     * @param ended number of the line at which it had ended
     * @param fd its first argument; -1 when that is no number
     * @param octets all strings in its arguments
     * @param result what it returned; -1 for errors
     */
    record Call(String name, long begun, long ended, int fd, List<byte[]> octets, long result) {

        boolean contains(byte[] wanted) {
            String part = new String(wanted, StandardCharsets.ISO_8859_1);
            return octets.stream().anyMatch(string -> new String(string, StandardCharsets.ISO_8859_1).contains(part));
        }

        String text() {
            return new String(octets.isEmpty() ? new byte[0] : octets.get(0), StandardCharsets.UTF_8);
        }
    }

    private record Begun(long line, String text) {}

    private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
    private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. \\w+ resumed>(.*)$");
    private static final Pattern CALL = Pattern.compile("^(\\w+)\\((\\d*)(.*)\\) += (-?\\d+).*$");
    private static final Pattern STRING = Pattern.compile("\"((?:\\\\x[0-9a-f]{2})*)\"");
    private static final Pattern END = Pattern.compile("^\\+\\+\\+ (exited with|killed by) .*$");
    private static final String UNFINISHED = " <unfinished ...>";

    private final Map<String, Begun> unfinished = new HashMap<>();
    private long line;

    /** Tells {@code each} of every call that is wholly there. */
    static void read(Path file, Consumer<Call> each) throws IOException {
        SyscallTrace trace = new SyscallTrace();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> trace.take(line, each));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** @return whether {@code output} tells the end of a process, which is the last that there is of it */
    static boolean hasEnded(Path output, long pid) throws IOException {
        try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
            return lines.map(LINE::matcher)
                    .anyMatch(line -> line.matches()
                            && Long.parseLong(line.group(1)) == pid
                            && END.matcher(line.group(2)).matches());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void take(String text, Consumer<Call> each) {
        line++;
        Matcher parts = LINE.matcher(text);
        if (!parts.matches()) {
            return;
        }
        String thread = parts.group(1);
        String what = parts.group(2);
        if (what.endsWith(UNFINISHED)) {
            unfinished.put(thread, new Begun(line, what.substring(0, what.length() - UNFINISHED.length())));
            return;
        }
        Matcher resumed = RESUMED.matcher(what);
        if (resumed.matches()) {
            Begun begun = unfinished.remove(thread);
            if (begun != null) {
                call(begun.text() + resumed.group(1), begun.line(), each);
            }
        } else {
            call(what, line, each);
        }
    }

    private void call(String text, long begun, Consumer<Call> each) {
        Matcher call = CALL.matcher(text);
        if (call.matches()) {
            int fd = call.group(2).isEmpty() ? -1 : Integer.parseInt(call.group(2));
            each.accept(
                    new Call(call.group(1), begun, line, fd, strings(call.group(3)), Long.parseLong(call.group(4))));
        }
    }

    private static List<byte[]> strings(String arguments) {
        List<byte[]> strings = new ArrayList<>();
        Matcher string = STRING.matcher(arguments);
        while (string.find()) {
            strings.add(HexFormat.of().parseHex(string.group(1).replace("\\x", "")));
        }
        return strings;
    }
}
