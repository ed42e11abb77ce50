package org.jbootd.app.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times as people write them. */
class MomentTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T14:05:00Z, 2026-11-24T14:05:00Z, 2026-11-24T14:05:00.999999Z",
        "2026-11-24 14:05:00.250Z, 2026-11-24T14:05:00.25Z, 2026-11-24T14:05:00.25Z",
        "2026-11-24T14:05:00.250000Z, 2026-11-24T14:05:00.25Z, 2026-11-24T14:05:00.25Z",
        "2026-11-24 14:05, 2026-11-24T19:05:00Z, 2026-11-24T19:05:00.999999Z",
        "2026-11-24 14:05:00.250, 2026-11-24T19:05:00.25Z, 2026-11-24T19:05:00.25Z",
        "2026-11-24 14:05+0100, 2026-11-24T13:05:00Z, 2026-11-24T13:05:00.999999Z",
        "2026-11-24, 2026-11-24T05:00:00Z, 2026-11-24T05:00:00.999999Z",
    })
    void aTimeWithoutAFractionIsAWholeSecond(String text, Instant first, Instant last) {
        assertThat(Moment.parse(text, ZoneId.of("America/New_York"))).isEqualTo(new Moment(first, last));
    }
}
