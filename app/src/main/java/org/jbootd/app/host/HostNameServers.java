package org.jbootd.app.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.net.Ipv4;

/** The name servers that this host uses, as {@code resolv.conf} names them. Reading them may block. */
public final class HostNameServers {

    private static final int MOST = 3;

    private final List<Path> files;

    public HostNameServers() {
        this(List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf")));
    }

    /** @param files the first that names a usable server counts */
    HostNameServers(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** Those that other machines can use, three at most; empty when there are none. A resolver on loopback is of no use to them. */
    public List<Ipv4> read() {
        return files.stream()
                .map(HostNameServers::in)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Ipv4> in(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .flatMap(words -> address(words[1]).stream())
                    .filter(Ipv4::isHost)
                    .distinct()
                    .limit(MOST)
                    .toList();
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            return List.of();
        }
    }

    private static Optional<Ipv4> address(String text) {
        try {
            return Optional.of(Ipv4.parse(text));
        } catch (IllegalArgumentException another) {
            return Optional.empty(); // IPv6, or nonsense
        }
    }
}
