package org.jbootd.udp.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UdpNotifierTest {

    private static final Ipv4 ADDRESS = Ipv4.parse("10.77.0.100");
    private static final int PATIENCE_MILLIS = 20_000;

    record Row(MachineEvent event, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    static Stream<Row> rows() {
        Request system = request(BootStage.OPERATING_SYSTEM, false);
        return Stream.of(
                new Row(given(system), "LEASE,02-AA-BB-CC-00-01,10.77.0.100"),
                new Row(
                        given(request(BootStage.OPERATING_SYSTEM, true)),
                        "LEASE,12345678-ABCD-EF00-1111-ABCDEFABCDEF,02-AA-BB-CC-00-01,10.77.0.100"),
                new Row(
                        given(request(BootStage.FIRMWARE, true)),
                        "BOOT,12345678-ABCD-EF00-1111-ABCDEFABCDEF,02-AA-BB-CC-00-01,10.77.0.100"),
                new Row(given(request(BootStage.BOOT_LOADER, false)), "BOOT,02-AA-BB-CC-00-01,10.77.0.100"),
                new Row(new MachineEvent.Released(system, ADDRESS), "RELEASE,02-AA-BB-CC-00-01,10.77.0.100"));
    }

    private static MachineEvent given(Request request) {
        return new MachineEvent.Given(request, ADDRESS, Optional.empty());
    }

    private static Request request(BootStage stage, boolean withUuid) {
        UUID uuid = UUID.fromString("12345678-abcd-ef00-1111-abcdefabcdef");
        return new Request(
                1,
                new ClientIdentity(
                        HardwareAddress.parse("02-aa-bb-cc-00-01"),
                        Optional.empty(),
                        withUuid ? Optional.of(uuid) : Optional.empty()),
                stage,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachKindHasItsWords(Row row) {
        assertThat(UdpNotifier.text(row.event())).isEqualTo(row.text());
    }

    @Test
    void everyTargetIsToldEvenBehindOneThatCannotBe() throws IOException {
        try (DatagramSocket one = target();
                DatagramSocket other = target();
                UdpNotifier notifier = new UdpNotifier(List.of(
                        new UdpNotifier.Target("127.0.0.1", one.getLocalPort()),
                        new UdpNotifier.Target("127.0.0.1", 0),
                        new UdpNotifier.Target("localhost", other.getLocalPort())))) {
            notifier.tell(given(request(BootStage.FIRMWARE, false)));
            notifier.tell(new MachineEvent.Released(request(BootStage.FIRMWARE, false), ADDRESS));

            for (DatagramSocket target : List.of(one, other)) {
                assertThat(heard(target)).isEqualTo("BOOT,02-AA-BB-CC-00-01,10.77.0.100");
                assertThat(heard(target)).isEqualTo("RELEASE,02-AA-BB-CC-00-01,10.77.0.100");
            }
        }
    }

    @Test
    void whatIsToldBeforeTheEndIsSentAndWhatIsToldAfterwardsHarmsNothing() throws IOException {
        try (DatagramSocket target = target()) {
            UdpNotifier notifier = new UdpNotifier(List.of(new UdpNotifier.Target("127.0.0.1", target.getLocalPort())));
            for (int i = 0; i < 100; i++) {
                notifier.tell(given(request(BootStage.FIRMWARE, false)));
            }
            notifier.close();
            notifier.tell(given(request(BootStage.FIRMWARE, false)));

            for (int i = 0; i < 100; i++) {
                assertThat(heard(target)).startsWith("BOOT,");
            }
        }
    }

    private static DatagramSocket target() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String heard(DatagramSocket target) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[200], 200);
        target.receive(datagram);
        return new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
    }
}
