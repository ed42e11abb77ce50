package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * {@code [leases]}.
 *
 * @param directory absolute; may have to be made
 * @param orphans how many live leases a reload may leave without their address
 * @param historyKeep how long what is over is kept; empty for ever
 * @param sqlPort of the loopback interface, where auditors may ask; empty for none
 */
public record LeaseSettings(Path directory, int orphans, Optional<Duration> historyKeep, OptionalInt sqlPort) {

    /** Where leases are kept when nothing else is said. */
    public static final Path STANDARD_DIRECTORY = Path.of("/var/lib/jbootd");

    private static final String H2 = "jdbc:h2:";

    private static final Duration LEAST_HISTORY = Duration.ofHours(1);

    /** @return empty when a mistake leaves no directory to keep them in */
    static Optional<LeaseSettings> from(Section leases, Path base) {
        Function<String, String> notThere = text -> {
            throw new IllegalArgumentException(
                    "the embedded lease database has no users; remove the line (another database is not part of this version)");
        };
        leases.optional("user", notThere);
        leases.optional("password", notThere);
        leases.optional("password_file", notThere);
        leases.optional("allocation", LeaseSettings::allocation);
        Optional<Duration> historyKeep =
                leases.optional("history_keep", LeaseSettings::historyKeep).filter(keep -> !keep.equals(Values.NEVER));
        OptionalInt sqlPort =
                leases.optional("sql_port", Values::port).map(OptionalInt::of).orElse(OptionalInt.empty());
        int orphans = leases.optional("orphans", Values.number(0, 1 << 20), 0);
        Optional<Path> named = leases.optional("data_dir", text -> directory(base.resolve(text)));
        Optional<Path> byUrl = leases.optional("url", text -> directory(base.resolve(directoryOf(text))));
        if (named.isPresent() && byUrl.isPresent() && !named.equals(byUrl)) {
            leases.mistake("url", "names another directory than data_dir; write one of the two");
        }
        boolean said = leases.has("data_dir") || leases.has("url");
        Optional<Path> directory = said ? byUrl.or(() -> named) : Optional.of(STANDARD_DIRECTORY);
        directory
                .filter(LeaseSettings::cannotBeWritten)
                .ifPresent(found -> leases.warning("data_dir", "'" + found + "' cannot be written by this user"));
        return directory.map(found -> new LeaseSettings(found, orphans, historyKeep, sqlPort));
    }

    private static String directoryOf(String url) {
        if (!url.startsWith(H2)) {
            throw new IllegalArgumentException(
                    "another database is not part of this version; write " + H2 + "DIRECTORY");
        }
        String directory = url.substring(H2.length());
        if (directory.isEmpty() || !directory.matches("[^;:~]+")) {
            throw new IllegalArgumentException("only a directory may follow " + H2 + ", without parameters");
        }
        return directory;
    }

    private static String allocation(String text) {
        if (!text.equalsIgnoreCase("sequential")) {
            throw new IllegalArgumentException("'" + text + "' is not part of this version; write sequential");
        }
        return text;
    }

    private static Duration historyKeep(String text) {
        Duration keep = Values.time(text);
        if (keep.compareTo(LEAST_HISTORY) < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is shorter than 1h, or has no unit: write it as in 90d, or never");
        }
        return keep;
    }

    private static Path directory(Path named) {
        Path directory = named.toAbsolutePath().normalize();
        Path existing = nearestThatExists(directory);
        if (!Files.isDirectory(existing)) {
            throw new IllegalArgumentException("'" + existing + "' is not a directory");
        }
        return directory;
    }

    /** Of this user only: whoever checks a configuration need not be who runs the daemon. */
    private static boolean cannotBeWritten(Path directory) {
        return !Files.isWritable(nearestThatExists(directory));
    }

    private static Path nearestThatExists(Path path) {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}
