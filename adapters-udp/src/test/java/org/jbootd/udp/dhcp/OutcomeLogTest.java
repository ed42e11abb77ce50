package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.exchange.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class OutcomeLogTest {

    private final EmbeddedChannel time = new EmbeddedChannel();
    private final Logger logger = new LoggerContext().getLogger("test");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final OutcomeLog log = new OutcomeLog(logger, time.eventLoop());

    @BeforeEach
    void start() {
        time.freezeTime();
        written.start();
        logger.addAppender(written);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aFloodBecomesANumber() {
        for (int i = 0; i < OutcomeLog.LINES_PER_SECOND + 42; i++) {
            log.write(Level.INFO, Reason.DENIED, () -> "denied");
        }
        log.write(Level.INFO, Reason.DONE, () -> "another kind is not held back");
        assertThat(lines()).hasSize(OutcomeLog.LINES_PER_SECOND + 1);
        time.advanceTimeBy(1, TimeUnit.SECONDS);
        time.runPendingTasks();
        assertThat(lines()).last().isEqualTo("DENIED: 42 more within a second");
        log.write(Level.INFO, Reason.DENIED, () -> "denied again");
        assertThat(lines()).last().isEqualTo("denied again");
    }

    @Test
    void linesNobodyReadsAreNotMade() {
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        log.write(Level.DEBUG, Reason.MALFORMED, () -> {
            throw new AssertionError("made");
        });
        assertThat(lines()).isEmpty();
    }

    @Test
    void aClientCannotWriteLinesOfItsOwn() {
        log.write(Level.INFO, Reason.DONE, () -> "node7\n2026 ERROR");
        assertThat(lines()).containsExactly("node7\\u000a2026 ERROR");
    }
}
