package org.jbootd.domain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidOrderTest {

    private static final UUID PRINTED = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");
    private static final UUID SENT = UUID.fromString("78563412-cdab-00ef-1111-abcdefabcdef");

    @Test
    void theWireHasTheFirstThreeGroupsTurnedRound() {
        assertThat(UuidOrder.WIRE.write(PRINTED)).isEqualTo(SENT);
        assertThat(UuidOrder.WIRE.write(SENT)).isEqualTo(PRINTED);
        assertThat(UuidOrder.LABEL.write(PRINTED)).isEqualTo(PRINTED);
    }
}
