package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.cli.DaemonLab.PATIENCE;
import static org.jbootd.app.cli.DaemonLab.boot;
import static org.jbootd.app.cli.FaultyAuthority.status;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;
import static org.jbootd.app.demo.SimulatedMachine.Program.OPERATING_SYSTEM;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the body of a grant two lines are told, where they hold a name: a reply is otherwise the one that an empty body has. */
class AuthorityBodyTest {

    private static final List<String> STUFFED = List.of(
            "Router: 10.9.9.9\nOption-3: 0a090909\n43: 0104deadbeef\nyiaddr: 10.9.9.9\nsiaddr: 10.9.9.9\n",
            "Client: \r\n\r\nOption-6: 10.9.9.9\r\n",
            "\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n",
            "Client: two words\nClient: third\n",
            "Client: -x",
            "Client: x\u0000y",
            "Client: caf\u00e9",
            "Client: a:b",
            "Client: " + "a".repeat(64),
            "Client: " + "a.".repeat(30_000) + "a",
            "\ufeffClient: anna",
            "\u001f\u008b\u0008\u0000\u0000",
            "\u0000\u0001\u0002\u00ff".repeat(1_000),
            "File: ../../etc/passwd",
            "File: /../../../../etc/passwd",
            "File: C:\\windows",
            "File: \u0000",
            "File: " + "x".repeat(60_000),
            "x".repeat(65_536));

    @TempDir
    private Path directory;

    private DaemonLab lab;
    private FaultyAuthority authority;
    private SimulatedMachine anna;

    @BeforeEach
    void furnish() throws IOException {
        lab = new DaemonLab(directory);
        authority = new FaultyAuthority(AuthorityFaultsTest.GRANT);
        anna = lab.machine(1);
        Files.writeString(lab.file("startup.startup"), "for everybody");
        Files.writeString(lab.file("startup.node1"), "for node1");
        AuthorityFaultsTest.write(lab, "location = localhost:" + authority.port());
    }

    @AfterEach
    void stop() throws IOException {
        authority.close();
        lab.close();
    }

    @Test
    void nothingElseOfABodyReachesTheWire() throws Exception {
        try (Child child = lab.daemon()) {
            List<byte[]> plain = replies();
            for (String body : STUFFED) {
                authority.does(status(200, body));
                String as = body.substring(0, Math.min(40, body.length()));
                assertThat(replies())
                        .as(as)
                        .usingElementComparator(Arrays::compare)
                        .containsExactlyElementsOf(plain);
                assertThat(lab.firstBlock("startup", Ipv4.parse("127.0.0.100")))
                        .as(as)
                        .isEqualTo("for everybody");
            }

            authority.does(status(200, "CLIENT: node1\r\nFile: node1\r\nRouter: 10.9.9.9\r\n"));
            Reply ack = boot(anna, OPERATING_SYSTEM);
            assertThat(ack.packet().options().text(12)).contains("node1");
            assertThat(lab.firstBlock("startup", ack.address())).isEqualTo("for node1");
            child.await("ACK 127.0.0.100 (node1)");
        }
    }

    /** OFFER and ACK to firmware, as they were on the wire, and those to an operating system, without their transaction numbers. */
    private List<byte[]> replies() throws IOException, MalformedPacket {
        List<byte[]> all = new ArrayList<>();
        // what is sent to an operating system is no broadcast, and would be heard by the ear alone
        try (DatagramSocket ear = lab.ear()) {
            Reply offer = anna.discover(FIRMWARE, PATIENCE).orElseThrow();
            all.add(heard(ear, offer));
            all.add(heard(ear, anna.select(FIRMWARE, offer, PATIENCE).orElseThrow()));
        }
        Reply offer = anna.discover(OPERATING_SYSTEM, PATIENCE).orElseThrow();
        all.add(offer.packet().encode());
        all.add(anna.select(OPERATING_SYSTEM, offer, PATIENCE)
                .orElseThrow()
                .packet()
                .encode());
        all.forEach(reply -> Arrays.fill(reply, 4, 8, (byte) 0));
        return all;
    }

    private static byte[] heard(DatagramSocket ear, Reply reply) throws IOException, MalformedPacket {
        DatagramPacket datagram = new DatagramPacket(new byte[1_500], 1_500);
        while (true) {
            ear.receive(datagram);
            byte[] octets = Arrays.copyOf(datagram.getData(), datagram.getLength());
            if (DhcpPacket.decode(octets).equals(reply.packet())) {
                return octets;
            }
        }
    }
}
