package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.access.ForeignAccess;
import org.jbootd.app.access.ForeignBackends;
import org.jbootd.domain.access.BadSetting;

/**
 * {@code [bootp] access_dir}.
 *
 * @param directory empty when there is none
 * @param names of the backends in it
 * @param areComplete false when a mistake leaves it open which backends there are
 */
record ForeignSettings(Optional<Path> directory, List<String> names, boolean areComplete) {

    /** Names that mean something else in the file. */
    private static final Set<String> TAKEN = Set.of(
            "mac", "uuid", "http", "bootp", "bootpd", "tftp", "tftpd", "filters", "leases", "logger", "bootfile");

    static ForeignSettings from(Section bootp, Path base) {
        if (!bootp.has("access_dir")) {
            return new ForeignSettings(Optional.empty(), List.of(), true);
        }
        return bootp.optional(
                        "access_dir",
                        text -> in(base.resolve(text).toAbsolutePath().normalize()))
                .orElse(new ForeignSettings(Optional.empty(), List.of(), false));
    }

    private static ForeignSettings in(Path directory) {
        return new ForeignSettings(Optional.of(directory), namesIn(directory), true);
    }

    private static List<String> namesIn(Path directory) {
        try (ForeignBackends backends = ForeignBackends.in(directory)) {
            backends.names().stream().filter(TAKEN::contains).findFirst().ifPresent(name -> {
                throw new IllegalArgumentException("a backend in '" + directory + "' calls itself '" + name
                        + "', which means something else here");
            });
            return List.copyOf(backends.names());
        }
    }

    /** Opens the backend once, to find what is wrong with its section. */
    Optional<ForeignAccess.Settings> backend(Section section, Section bootp) {
        ForeignAccess.Settings settings = new ForeignAccess.Settings(
                section.name(),
                directory.orElseThrow(),
                lines(section),
                bootp.optional("timeout", Values::finiteTime).orElse(AuthoritySettings.TIMEOUT));
        try {
            ForeignAccess.open(settings).close();
            return Optional.of(settings);
        } catch (BadSetting problem) {
            section.mistake(problem.key(), problem.getMessage());
        } catch (IllegalArgumentException problem) {
            bootp.mistake("access", problem.getMessage());
        }
        return Optional.empty();
    }

    private static Map<String, String> lines(Section section) {
        Map<String, String> lines = new LinkedHashMap<>();
        section.lines(key -> key, value -> value).forEach(line -> lines.put(line.key(), line.value()));
        return lines;
    }
}
