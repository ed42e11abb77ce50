package org.jbootd.udp.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleTest {

    private final Lines lines = new Lines();
    private long nanos;
    private final Trouble trouble =
            new Trouble(LoggerFactory.getLogger("jbootd.notify"), "notifications are lost", () -> nanos);

    @AfterEach
    void close() {
        lines.close();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void eachCauseIsWrittenDownOnce() {
        for (int i = 0; i < 1_000; i++) {
            trouble.occurred(i % 2 == 0 ? "nobody listens there" : "the network is down");
        }
        assertThat(lines.warnings())
                .containsExactly(
                        "notifications are lost: nobody listens there", "notifications are lost: the network is down");
    }

    @Test
    void itIsOverWhenNothingFailedForAWhileAndMayBeginAnew() {
        trouble.absent();
        trouble.occurred("why");
        trouble.occurred("why");
        pass(Trouble.QUIET.minusNanos(1));
        trouble.absent();
        assertThat(lines.warnings()).hasSize(1);
        pass(Duration.ofNanos(1));
        trouble.absent();
        trouble.absent();
        trouble.occurred("why");
        assertThat(lines.warnings())
                .containsExactly(
                        "notifications are lost: why",
                        "notifications are lost: no trouble any more, after 2 failures",
                        "notifications are lost: why");
    }
}
