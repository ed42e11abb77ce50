package org.jbootd.udp;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds out which program holds a UDP port, as far as {@code /proc} tells. */
final class PortOwner {

    private static final Path PROC = Path.of("/proc");

    private PortOwner() {}

    /** {@code "dnsmasq (pid 123)"}, or {@code "another program"} when it cannot be known. */
    static String describe(int port) {
        try {
            return find(socketInodes(port)).orElse("another program");
        } catch (IOException | RuntimeException e) {
            return "another program";
        }
    }

    private static Set<String> socketInodes(int port) throws IOException {
        String localPort = String.format(Locale.ROOT, ":%04X", port);
        Set<String> inodes = new HashSet<>();
        for (String table : List.of("net/udp", "net/udp6")) {
            Path path = PROC.resolve(table);
            if (Files.isReadable(path)) {
                for (String line : Files.readAllLines(path)) {
                    String[] columns = line.trim().split("\\s+");
                    if (columns.length > 9 && columns[1].endsWith(localPort)) {
                        inodes.add("socket:[" + columns[9] + "]");
                    }
                }
            }
        }
        return inodes;
    }

    private static Optional<String> find(Set<String> sockets) throws IOException {
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holdsOneOf(sockets, process)) {
                    return Optional.of(name(process) + " (pid " + process.getFileName() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holdsOneOf(Set<String> sockets, Path process) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            return false; // gone meanwhile, or another user's
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "a program";
        }
    }
}
