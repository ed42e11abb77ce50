package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.dhcp.ReplyRoute.Facts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ReplyRouteTest {

    private static final Ipv4 NONE = Ipv4.UNSPECIFIED;
    private static final Ipv4 RELAY = Ipv4.parse("10.78.0.2");
    private static final Ipv4 OLD = Ipv4.parse("10.77.0.100");
    private static final Ipv4 NEW = Ipv4.parse("10.77.0.101");
    private static final HardwareAddress ANNA = HardwareAddress.parse("52:54:00:00:00:01");

    private record Row(String sentence, Facts facts, ReplyRoute route) {}

    private static final List<Row> ROWS = List.of(
            new Row(
                    "a relay gets everything",
                    new Facts(RELAY, true, OLD, true, NEW, ANNA),
                    new ReplyRoute.Relay(RELAY)),
            new Row("a NAK is broadcast", new Facts(NONE, true, OLD, false, NONE, ANNA), new ReplyRoute.Broadcast()),
            new Row(
                    "a client with an address is reached there, whatever its flag says",
                    new Facts(NONE, false, OLD, true, OLD, ANNA),
                    new ReplyRoute.Client(OLD)),
            new Row(
                    "a client that wants it gets a broadcast",
                    new Facts(NONE, false, NONE, true, NEW, ANNA),
                    new ReplyRoute.Broadcast()),
            new Row(
                    "a new client is reached by its hardware address",
                    new Facts(NONE, false, NONE, false, NEW, ANNA),
                    new ReplyRoute.NewClient(NEW, ANNA)));

    @TestFactory
    List<DynamicTest> routes() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.sentence, () -> assertThat(ReplyRoute.of(row.facts)).isEqualTo(row.route)))
                .toList();
    }
}
