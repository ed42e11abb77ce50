package org.jbootd.udp.dhcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests of real firmware and real client programs, by name. */
final class CapturedPackets {

    private CapturedPackets() {}

    static Map<String, byte[]> all() {
        try (Stream<Path> files = Files.list(directory())) {
            Map<String, byte[]> packets = new TreeMap<>();
            files.forEach(file -> packets.put(file.getFileName().toString().replace(".hex", ""), read(file)));
            return packets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] named(String name) {
        return read(directory().resolve(name + ".hex"));
    }

    private static Path directory() {
        try {
            return Path.of(Objects.requireNonNull(CapturedPackets.class.getResource("captures"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return HexFormat.of()
                    .parseHex(lines.filter(line -> !line.startsWith("#")).collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
