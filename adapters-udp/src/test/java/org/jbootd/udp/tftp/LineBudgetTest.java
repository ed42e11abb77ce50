package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineBudgetTest {

    private final Logger logger = new LoggerContext().getLogger("test");
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private long now = Long.MAX_VALUE - 5; // a clock may have any origin, and overflow
    private final LineBudget budget = new LineBudget(logger, 2, () -> now);

    @BeforeEach
    void listen() {
        written.start();
        logger.addAppender(written);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void write(String... names) {
        for (String name : names) {
            budget.info("line {}", name);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatIsBeyondTheBudgetIsCountedAndSaidInTheNextPeriod() {
        write("a", "b", "c", "d", "e");
        assertThat(lines()).containsExactly("line a", "line b");
        pass(Duration.ofSeconds(10));
        write("f");
        assertThat(lines()).containsExactly("line a", "line b", "3 more lines like the next were left out", "line f");
    }

    @Test
    void aPeriodLastsTenSeconds() {
        write("a", "b");
        pass(Duration.ofSeconds(10).minusNanos(1));
        write("c");
        assertThat(lines()).containsExactly("line a", "line b");
    }

    @Test
    void nothingIsSaidOfAPeriodThatWithheldNothing() {
        write("a", "b");
        pass(Duration.ofSeconds(10));
        write("c", "d");
        assertThat(lines()).containsExactly("line a", "line b", "line c", "line d");
    }
}
