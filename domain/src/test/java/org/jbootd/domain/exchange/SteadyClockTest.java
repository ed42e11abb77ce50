package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {

    private static final Instant WALL = Instant.parse("2026-05-04T03:02:01Z");

    /** The origin of elapsed time may be anything. */
    private final AtomicLong nanos = new AtomicLong(-123_456_789L);

    @Test
    void itRunsByElapsedTimeWhateverTheWallClockDoes() {
        AtomicReference<Instant> wall = new AtomicReference<>(WALL);
        SteadyClock clock = new SteadyClock(wall::get, Instant.EPOCH, nanos::get);
        assertThat(clock.instant()).isEqualTo(WALL);

        wall.set(WALL.minusSeconds(86_400));
        nanos.addAndGet(1_500_000_000L);

        assertThat(clock.instant()).isEqualTo(WALL.plusMillis(1500));
    }

    @Test
    void itNeverStartsBeforeWhatTheStoreKnows() {
        Instant known = WALL.plusSeconds(60);

        assertThat(new SteadyClock(() -> WALL, known, nanos::get).instant()).isEqualTo(known);
        assertThat(new SteadyClock(() -> WALL, WALL.minusSeconds(60), nanos::get).instant())
                .isEqualTo(WALL);
    }

    @Test
    void itKeepsUpWithTheOtherServersOfAStore() {
        AtomicReference<Instant> theirs = new AtomicReference<>(WALL.minusSeconds(60));
        SteadyClock clock = new SteadyClock(() -> WALL, Instant.EPOCH, nanos::get, theirs::get);
        assertThat(clock.instant()).isEqualTo(WALL);

        theirs.set(WALL.plusSeconds(60));

        assertThat(clock.instant()).isEqualTo(WALL.plusSeconds(60));
    }
}
