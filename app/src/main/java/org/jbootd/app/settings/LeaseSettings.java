package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** {@code [leases]}. @param directory absolute; may have to be made */
public record LeaseSettings(Path directory) {

    /** Where leases are kept when nothing else is said. */
    public static final Path STANDARD_DIRECTORY = Path.of("/var/lib/jbootd");

    private static final String H2 = "jdbc:h2:";

    /** @return empty when there is no directory to keep them in */
    static Optional<LeaseSettings> from(Section leases, Path base) {
        Function<String, String> notThere = text -> {
            throw new IllegalArgumentException(
                    "the embedded lease database has no users; remove the line (another database is not part of this version)");
        };
        leases.optional("user", notThere);
        leases.optional("password", notThere);
        leases.optional("password_file", notThere);
        leases.optional("allocation", LeaseSettings::allocation);
        leases.optional("history_keep", LeaseSettings::historyKeep);
        Optional<Path> named = leases.optional("data_dir", text -> usable(base.resolve(text)));
        Optional<Path> byUrl = leases.optional("url", text -> usable(base.resolve(directoryOf(text))));
        if (named.isPresent() && byUrl.isPresent() && !named.equals(byUrl)) {
            leases.mistake("url", "names another directory than data_dir; write one of the two");
        }
        if (leases.has("data_dir") || leases.has("url")) {
            return byUrl.or(() -> named).map(LeaseSettings::new);
        }
        return standard(leases);
    }

    private static Optional<LeaseSettings> standard(Section leases) {
        try {
            return Optional.of(new LeaseSettings(usable(STANDARD_DIRECTORY)));
        } catch (IllegalArgumentException problem) {
            leases.mistake("data_dir", "missing, and without it leases go where they cannot: " + problem.getMessage());
            return Optional.empty();
        }
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

    private static String historyKeep(String text) {
        if (!Values.time(text).equals(Values.NEVER)) {
            throw new IllegalArgumentException("history is not deleted by this version; write never");
        }
        return text;
    }

    private static Path usable(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        Path existing = absolute;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            throw new IllegalArgumentException("'" + existing + "' is not a directory");
        }
        if (!Files.isWritable(existing)) {
            throw new IllegalArgumentException("'" + existing + "' cannot be written by this user");
        }
        return absolute;
    }
}
