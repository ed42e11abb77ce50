package org.jbootd.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The demo believes nothing: whatever a server does wrong ends it at the step where it shows. */
@Timeout(120)
class DemoTest {

    /** Says that it is ready, and ends in order when it is told to. */
    private static final String OBEDIENT = "trap 'exit 0' TERM; echo now ready; read line";

    private DemoSite site;

    @BeforeEach
    void makeSite() throws IOException {
        site = DemoSite.create();
    }

    @AfterEach
    void removeSite() {
        site.delete();
    }

    /** @param told what the reader must be told */
    private record Row(String sentence, String program, Consumer<PretendedServer> wrong, List<String> told) {}

    private static final List<Row> ROWS = List.of(
            new Row(
                    "a daemon that ends at once",
                    "echo no such thing; exit 3",
                    server -> {},
                    List.of("FAILED at 1/9", "ended before it was ready", "| no such thing")),
            new Row(
                    "a daemon that is never ready",
                    "read line",
                    server -> {},
                    List.of("FAILED at 1/9", "was not ready within")),
            new Row(
                    "no offer",
                    OBEDIENT,
                    server -> server.silentAfter = 0,
                    List.of("FAILED at 2/9", "nothing was offered within", "| now ready")),
            new Row(
                    "another boot file",
                    OBEDIENT,
                    server -> server.lie = reply -> PretendedServer.reply(
                            reply, reply.yiaddr(), Map.of(53, Octets.of((byte) 2), 67, Octets.of((byte) 'x'))),
                    List.of("FAILED at 2/9", "boot file is 'x'")),
            new Row(
                    "no ACK",
                    OBEDIENT,
                    server -> server.silentAfter = 1,
                    List.of("FAILED at 3/9", "was not answered within")),
            new Row(
                    "a NAK",
                    OBEDIENT,
                    server -> server.lie = reply -> reply.options().octet(53).orElseThrow() == 2
                            ? reply
                            : PretendedServer.reply(
                                    reply,
                                    Ipv4.UNSPECIFIED,
                                    Map.of(53, Octets.of((byte) 6), 56, Octets.of((byte) 'n', (byte) 'o'))),
                    List.of("FAILED at 3/9", "refused (NAK): no")),
            new Row(
                    "TFTP without options",
                    OBEDIENT,
                    server -> server.knownOptions = List.of(),
                    List.of("FAILED at 4/9", "the server agreed to {}")),
            new Row(
                    "TFTP without windows",
                    OBEDIENT,
                    server -> server.knownOptions = List.of("tsize", "blksize"),
                    List.of("FAILED at 4/9", "the server agreed to {blksize=1428, tsize=3000137}")),
            new Row(
                    "a damaged file",
                    OBEDIENT,
                    server -> server.damage = content -> {
                        content[12345] ^= 1;
                        return content;
                    },
                    List.of("FAILED at 4/9", "is not the one on disk")),
            new Row(
                    "a file cut short",
                    OBEDIENT,
                    server -> server.damage = content -> Arrays.copyOf(content, 1428),
                    List.of("FAILED at 4/9", "is not the one on disk")),
            new Row(
                    "another address for the operating system",
                    OBEDIENT,
                    server -> server.forgetsAfter = 2,
                    List.of("FAILED at 5/9", "it was given 127.77.0.101, but had 127.77.0.100 before")),
            new Row(
                    "leases lost when killed",
                    OBEDIENT,
                    server -> server.forgetsAfter = 4,
                    List.of("FAILED at 7/9", "it was given 127.77.0.101, but had 127.77.0.100 before")),
            new Row(
                    "leases lost to the firmware",
                    OBEDIENT,
                    server -> server.forgetsAfter = 5,
                    List.of("FAILED at 8/9", "it was given 127.77.0.101, but had 127.77.0.100 before")),
            new Row(
                    "one address for two machines",
                    OBEDIENT,
                    server -> server.lie = reply -> PretendedServer.reply(reply, DemoSite.POOL_START, values(reply)),
                    List.of("FAILED at 9/9", "127.77.0.100 was given to two machines")),
            new Row(
                    "a daemon that does not stop in order",
                    "echo ready; read line",
                    server -> {},
                    List.of("FAILED at 9/9", "stopped with exit status 143")));

    private static Map<Integer, Octets> values(DhcpPacket reply) {
        Map<Integer, Octets> values = new LinkedHashMap<>();
        reply.options().forEach(values::put);
        return values;
    }

    @TestFactory
    Stream<DynamicTest> whateverGoesWrongIsTold() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(row.sentence(), () -> {
                    DemoSite own = DemoSite.create();
                    try {
                        Outcome outcome = run(own, row.program(), row.wrong());
                        assertThat(outcome.text()).contains(row.told());
                        assertThat(outcome.happened()).isFalse();
                    } finally {
                        own.delete();
                    }
                }));
    }

    @Test
    void aGoodServerIsBelieved() throws Exception {
        Outcome outcome = run(site, OBEDIENT, server -> {});
        assertThat(outcome.text()).contains("all 9 steps happened").doesNotContain("FAILED");
        assertThat(outcome.happened()).isTrue();
    }

    @Test
    void lostBlocksAreAskedForAgain() throws Exception {
        Outcome outcome = run(site, OBEDIENT, server -> server.losesEvery = 97);
        assertThat(outcome.text()).contains("all 9 steps happened");
    }

    private record Outcome(boolean happened, String text) {}

    private static Outcome run(DemoSite site, String program, Consumer<PretendedServer> wrong) throws Exception {
        StringWriter text = new StringWriter();
        List<String> command = List.of("sh", "-c", program, "daemon");
        try (PretendedServer server = new PretendedServer(site);
                LoopbackWire wire = new LoopbackWire(site.dhcpPort());
                Demo demo = new Demo(site, wire, command, Duration.ofSeconds(3), new PrintWriter(text))) {
            wrong.accept(server);
            server.start(wire.replyPort());
            return new Outcome(demo.run(), text.toString().replaceAll("\\s+", " "));
        }
    }
}
