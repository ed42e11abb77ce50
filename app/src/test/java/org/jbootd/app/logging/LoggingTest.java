package org.jbootd.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jbootd.app.settings.LoggerSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {

    @TempDir
    private Path directory;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @AfterEach
    void logAsBeforeTheSettings() {
        context.start();
        context.reset();
        new StartupLogging().configure(context);
    }

    private String logged(LoggerSettings.Level level) throws IOException {
        Path file = directory.resolve(level + ".log");
        context.start();
        Logging.set(new LoggerSettings(LoggerSettings.Target.FILE, level, Optional.of(file)));
        LoggerFactory.getLogger("jbootd.leases").error("ours");
        LoggerFactory.getLogger("some.library").error("a library's");
        LoggerFactory.getLogger(Flyway.class)
                .error("Please restore backups and roll back database and code!", new IOException("the disk is full"));
        Logging.stop();
        return Files.readString(file);
    }

    @Test
    void aMigrationThatFailsIsToldOnceAndByUs() throws Exception {
        assertThat(logged(LoggerSettings.Level.INFO))
                .contains("ours", "a library's")
                .doesNotContain("restore backups", "the disk is full");
        assertThat(logged(LoggerSettings.Level.DEBUG)).contains("restore backups", "the disk is full");
    }
}
