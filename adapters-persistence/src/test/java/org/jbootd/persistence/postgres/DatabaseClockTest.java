package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final DatabaseClock clock = new DatabaseClock(NOW, nanos.get(), nanos::get);

    @Test
    void itRunsByElapsedTime() {
        nanos.addAndGet(1_500_000_000);
        assertThat(clock.now()).isEqualTo(NOW.plusMillis(1500));
    }

    @Test
    void oneThatWasPutForwardIsFollowed() {
        DatabaseClock.Reading before = clock.latest();
        nanos.addAndGet(1_000_000_000);
        clock.heard(NOW.plusSeconds(61));
        assertThat(clock.now()).isEqualTo(NOW.plusSeconds(61));
        assertThat(clock.aheadOf(before)).isEqualTo(Duration.ofSeconds(60));
        assertThat(clock.aheadOf(clock.latest())).isZero();
    }

    @Test
    void oneThatWasPutBackIsNot() {
        DatabaseClock.Reading before = clock.latest();
        nanos.addAndGet(1_000_000_000);
        clock.heard(NOW.minusSeconds(60));
        assertThat(clock.now()).isEqualTo(NOW.plusSeconds(1));
        assertThat(clock.aheadOf(before)).isZero();
    }
}
