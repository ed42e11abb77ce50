package org.jbootd.app.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code [logger]}. @param file empty unless the lines go into one */
public record LoggerSettings(Target target, Level level, Optional<Path> file) {

    /** As without a {@code [logger]} section. */
    public static final LoggerSettings DEFAULT = new LoggerSettings(Target.STDERR, Level.INFO, Optional.empty());

    /** Not a line, for commands that say all they have to say themselves. */
    public static final LoggerSettings NOTHING = new LoggerSettings(Target.NONE, Level.CRITICAL, Optional.empty());

    /** Where log lines go. */
    public enum Target {
        STDERR,
        STDOUT,
        FILE,
        SYSLOG,
        NONE
    }

    /** The least important lines that are kept. */
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR,
        CRITICAL
    }

    private static final Map<String, Target> TARGETS = Map.of(
            "stderr", Target.STDERR,
            "stdout", Target.STDOUT,
            "file", Target.FILE,
            "syslog", Target.SYSLOG,
            "unix", Target.SYSLOG,
            "none", Target.NONE);

    private static final Map<String, Level> LEVELS = Map.of(
            "debug", Level.DEBUG,
            "all", Level.DEBUG,
            "info", Level.INFO,
            "warning", Level.WARNING,
            "error", Level.ERROR,
            "critical", Level.CRITICAL);

    static LoggerSettings from(Section section, Path base) {
        Target target = section.optional("type", LoggerSettings::target, Target.STDERR);
        Level level = section.optional("level", Values.word(LEVELS), Level.INFO);
        Optional<Path> file = section.optional("file", text -> logFile(base.resolve(text)));
        if (target == Target.FILE && !section.has("file")) {
            section.mistake("file", "missing; 'type = file' needs one");
        } else if (target != Target.FILE && section.has("file")) {
            section.warning("file", "not used without 'type = file'");
        }
        return new LoggerSettings(target, level, target == Target.FILE ? file : Optional.empty());
    }

    private static Target target(String text) {
        if (text.toLowerCase(Locale.ROOT).matches("(nt)?eventlog|winlog")) {
            throw new IllegalArgumentException(
                    "'" + text + "': there is no Windows event log here; use file or syslog");
        }
        return Values.word(TARGETS).apply(text);
    }

    private static Path logFile(Path file) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("'" + file + "' is a directory");
        }
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException("there is no directory '" + directory + "'");
        }
        return file.toAbsolutePath().normalize();
    }
}
