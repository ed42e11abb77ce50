package org.jbootd.udp.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pybootd 1.5 was seen to send. */
class NotificationTextTest {

    private static final HardwareAddress MAC = HardwareAddress.parse("02:aa:bb:cc:00:01");
    private static final Ipv4 ADDRESS = Ipv4.parse("10.77.0.100");
    private static final int INFINIBAND = 32;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPERATING_SYSTEM |                                      | LEASE,02-AA-BB-CC-00-01,10.77.0.100",
                "OPERATING_SYSTEM | 12345678-abcd-ef00-1111-abcdefabcdef"
                        + " | LEASE,12345678-ABCD-EF00-1111-ABCDEFABCDEF,02-AA-BB-CC-00-01,10.77.0.100",
                "FIRMWARE         | 12345678-abcd-ef00-1111-abcdefabcdef"
                        + " | BOOT,12345678-ABCD-EF00-1111-ABCDEFABCDEF,02-AA-BB-CC-00-01,10.77.0.100",
                "HTTP_FIRMWARE    |                                      | BOOT,02-AA-BB-CC-00-01,10.77.0.100",
                "BOOT_LOADER      |                                      | BOOT,02-AA-BB-CC-00-01,10.77.0.100"
            })
    void anAddressGivenIsABootOrALease(BootStage stage, UUID uuid, String expected) {
        assertThat(text(Events.given(stage, MAC, Optional.ofNullable(uuid), ADDRESS)))
                .isEqualTo(expected);
    }

    @Test
    void anAddressGivenBackIsARelease() {
        assertThat(text(Events.released(MAC, Optional.empty(), ADDRESS)))
                .isEqualTo("RELEASE,02-AA-BB-CC-00-01,10.77.0.100");
    }

    @ParameterizedTest
    @CsvSource({"00, 32/00", "'', 32/"})
    void noHardwareAddressDrawsFieldsOfItsOwn(String octets, String expected) {
        HardwareAddress hardware = new HardwareAddress(INFINIBAND, Octets.parseHex(octets));
        assertThat(text(Events.given(BootStage.OPERATING_SYSTEM, hardware, Optional.empty(), ADDRESS)))
                .isEqualTo("LEASE," + expected + ",10.77.0.100");
    }

    @Test
    void aUuidIsWrittenAsPybootdWroteItWhereThatIsWanted() {
        UUID uuid = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");
        MachineEvent event = Events.given(BootStage.FIRMWARE, MAC, Optional.of(uuid), ADDRESS);

        assertThat(new String(NotificationText.of(event, UuidOrder.WIRE), StandardCharsets.US_ASCII))
                .isEqualTo("BOOT,78563412-CDAB-00EF-1111-ABCDEFABCDEF,02-AA-BB-CC-00-01,10.77.0.100");
    }

    private static String text(MachineEvent event) {
        return new String(NotificationText.of(event, UuidOrder.LABEL), StandardCharsets.US_ASCII);
    }
}
