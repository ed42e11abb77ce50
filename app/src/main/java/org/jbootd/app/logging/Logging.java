package org.jbootd.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.app.settings.LoggerSettings;
import org.slf4j.LoggerFactory;

/** Makes logback do what {@code [logger]} says. */
public final class Logging {

    private static final Map<LoggerSettings.Level, Level> LEVELS = Map.of(
            LoggerSettings.Level.DEBUG, Level.DEBUG,
            LoggerSettings.Level.INFO, Level.INFO,
            LoggerSettings.Level.WARNING, Level.WARN,
            LoggerSettings.Level.ERROR, Level.ERROR,
            LoggerSettings.Level.CRITICAL, Level.OFF);

    /** What libraries have to say below a warning is of use to nobody who runs the daemon. */
    private static final List<String> OURS = List.of("jbootd", "org.jbootd");

    /** A migration that fails is told by who wanted it: in one sentence, not in traces and advice to somebody else. */
    private static final String MIGRATIONS = "org.flywaydb";

    private Logging() {}

    /**
     * Replaces whatever was set up before.
     *
     * @throws IOException when the log file cannot be written; nothing has changed then
     */
    public static void set(LoggerSettings settings) throws IOException {
        if (settings.file().isPresent()) {
            tryToOpen(settings.file().get());
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Level level = LEVELS.get(settings.level());
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
        context.getLogger(MIGRATIONS).setLevel(level == Level.DEBUG ? Level.WARN : Level.OFF);
        OURS.forEach(logger -> context.getLogger(logger).setLevel(level));
        lines(context, settings).ifPresent(lines -> {
            WaitlessLog waitless = new WaitlessLog(context);
            waitless.addAppender(lines);
            waitless.start();
            root.addAppender(waitless);
        });
    }

    /** logback would say nothing, and log nothing. */
    private static void tryToOpen(Path file) throws IOException {
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (AccessDeniedException denied) {
            throw new IOException("the log file '" + file + "' cannot be written by this user", denied);
        } catch (IOException problem) {
            throw new IOException("the log file '" + file + "' cannot be written: " + problem.getMessage(), problem);
        }
    }

    private static Optional<Appender<ILoggingEvent>> lines(LoggerContext context, LoggerSettings settings) {
        return switch (settings.target()) {
            case STDERR -> Optional.of(LogLines.toStream(context, "System.err"));
            case STDOUT -> Optional.of(LogLines.toStream(context, "System.out"));
            case FILE -> settings.file().map(file -> LogLines.toFile(context, file));
            case SYSLOG -> Optional.of(syslog(context));
            case NONE -> Optional.empty();
        };
    }

    private static Appender<ILoggingEvent> syslog(LoggerContext context) {
        SyslogLines lines = new SyslogLines();
        lines.setContext(context);
        lines.start();
        return lines;
    }

    /** Writes what still waits to be written, for at most two seconds, and ends logging. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
