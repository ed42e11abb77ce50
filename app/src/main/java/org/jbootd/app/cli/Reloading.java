package org.jbootd.app.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jbootd.app.daemon.Daemon;
import org.jbootd.app.daemon.ReloadRefused;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.logging.Logging;
import org.jbootd.app.settings.LoggerSettings;
import org.jbootd.app.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration again while the daemon runs. Threads may share it; one reload is under way at a time. */
final class Reloading {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");

    /** Reads the file as the start did. */
    interface Source {

        /** @return empty if and only if there are mistakes @throws IOException with a message for the operator */
        Optional<Settings> read(Findings findings) throws IOException;
    }

    private final Source source;
    private final Daemon daemon;
    private LoggerSettings logger;

    /** @param logger as it is set */
    Reloading(Source source, Daemon daemon, LoggerSettings logger) {
        this.source = source;
        this.daemon = daemon;
        this.logger = logger;
    }

    synchronized void reload() {
        LOG.info("reading the configuration again");
        Findings findings = new Findings();
        try {
            Optional<Settings> settings = source.read(findings);
            findings.mistakes().forEach(LOG::error);
            if (settings.isEmpty()) {
                LOG.error("the configuration was not taken over; the one in force stays");
                return;
            }
            findings.warnings().forEach(LOG::warn);
            adopt(settings.get());
        } catch (IOException | ReloadRefused | RuntimeException problem) {
            LOG.error(
                    "the configuration was not taken over; the one in force stays: {}",
                    problem.getMessage(),
                    unexpected(problem));
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    /** The trace of what should not happen; for the rest the message says it all. */
    private static Throwable unexpected(Exception problem) {
        return problem instanceof RuntimeException ? problem : null;
    }

    private void adopt(Settings settings) throws IOException, ReloadRefused, InterruptedException {
        List<String> waiting = daemon.adopt(settings);
        if (!logger.equals(settings.logger())) {
            Logging.set(settings.logger());
            logger = settings.logger();
        }
        LOG.info("the configuration was taken over");
        if (!waiting.isEmpty()) {
            LOG.warn("these wait for the next start: {}", String.join(", ", waiting));
        }
    }
}
