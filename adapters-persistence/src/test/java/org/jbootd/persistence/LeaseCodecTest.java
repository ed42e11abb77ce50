package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseCodecTest {

    private static final int NO_CHANGES = 0;

    private static byte[] entry(long seconds, int nanos) {
        return ByteBuffer.allocate(28)
                .putLong(0)
                .putInt(0)
                .putLong(seconds)
                .putInt(nanos)
                .putInt(NO_CHANGES)
                .array();
    }

    @Test
    void theLastInstantThereIsCanBeRead() throws DamagedFile {
        byte[] octets = entry(Instant.MAX.getEpochSecond(), Instant.MAX.getNano());
        assertThat(LeaseCodec.decodeEntry(1, octets))
                .isEqualTo(new JournalEntry(1, Instant.EPOCH, Instant.MAX, List.of()));
    }

    @ParameterizedTest(name = "{0} s and {1} ns")
    @CsvSource({
        "9223372036854775807, 2147483647",
        "-9223372036854775808, -1",
        "9223372036854775807, 0",
        "31556889864403200, 0"
    })
    void aTimeBeyondAllTimesIsDamage(long seconds, int nanos) {
        assertThatThrownBy(() -> LeaseCodec.decodeEntry(1, entry(seconds, nanos)))
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining("a value that cannot be");
    }
}
