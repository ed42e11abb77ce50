package org.jbootd.persistence.postgres;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is said of leases in the log, from its making on. Any thread may speak; who reads does so when those are done. */
final class LogLines implements AutoCloseable {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("jbootd.leases");

    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    LogLines() {
        appender.start();
        LOGGER.addAppender(appender);
    }

    List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        LOGGER.detachAppender(appender);
    }
}
