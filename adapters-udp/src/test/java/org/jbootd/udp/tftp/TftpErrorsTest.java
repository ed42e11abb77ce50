package org.jbootd.udp.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jbootd.domain.files.FileUnavailable.Why;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and packets that are lost, late, doubled or a stranger's. */
class TftpErrorsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TftpLab lab = new TftpLab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND,1,File not found",
        "NOT_ALLOWED,2,Access violation",
        "NOT_A_FILE,2,Not a file",
        "BROKEN,0,The file cannot be read"
    })
    void aFileThatIsNotServedIsOneErrorWithAFixedText(Why why, int code, String text) throws IOException {
        lab.files.refuse("it", why);
        lab.start();
        try (TestClient client = lab.client()) {
            client.request("it", "blksize", "1428");
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(code, text));
            assertThat(client.receive(300)).as("nothing more").isEmpty();
        }
        await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
    }

    @Test
    void namesReachTheFilesExactlyAsSent() throws IOException {
        lab.start();
        List<String> names =
                List.of("../../etc/passwd", "\\a\\b", "", "/", "C:\\boot.ini", "a b", "größe", "x\ry", "*");
        try (TestClient client = lab.client()) {
            for (String name : names) {
                client.request(name);
                assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(1, "File not found"));
            }
        }
        assertThat(lab.files.asked()).isEqualTo(names);
    }

    @Test
    void nobodyMayWrite() throws IOException {
        lab.start();
        try (TestClient client = lab.client()) {
            client.toServer(new TftpPacket.WriteRequest("x", "octet", List.of()).encode());
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(2, "This server takes no files"));
        }
        assertThat(lab.files.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 99, 65535, 3, 4, 6})
    void whatIsNoRequestIsAnIllegalOperation(int opcode) throws IOException {
        lab.start();
        try (TestClient client = lab.client()) {
            client.toServer(new byte[] {(byte) (opcode >> 8), (byte) opcode, 0, 1, 'x', 0});
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Illegal operation"));
        }
    }

    @Test
    void anErrorIsNeverAnswered() throws IOException {
        lab.start();
        try (TestClient client = lab.client()) {
            client.toServer(new TftpPacket.Failure(0, "x").encode());
            assertThat(client.receive(300)).isEmpty();
        }
    }

    @Test
    void unknownModesAndBrokenRequestsAreErrors() throws IOException {
        lab.start();
        try (TestClient client = lab.client()) {
            client.toServer(new TftpPacket.ReadRequest("x", "mail", List.of()).encode());
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Unknown mode"));
            client.toServer("\0\1nothing ends this".getBytes(US_ASCII));
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Malformed request"));
        }
    }

    @Test
    void aForeignPortEarnsAnErrorAndDisturbsNothing() throws IOException {
        lab.files.with("file", 1500);
        lab.start();
        try (TestClient client = lab.client();
                TestClient stranger = lab.client();
                TestClient otherHost = new TestClient(lab.server().address(), "127.0.0.9")) {
            client.request("file");
            client.receive();
            for (TestClient foreign : List.of(stranger, otherHost)) {
                foreign.sendTo(client.peer(), new TftpPacket.Ack(1));
                assertThat(foreign.receive()).isEqualTo(new TftpPacket.Failure(5, "Unknown transfer"));
                foreign.sendTo(client.peer(), new TftpPacket.Failure(0, "stop"));
                assertThat(foreign.receive(100)).as("an ERROR is not answered").isEmpty();
            }
            client.ack(1);
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            TftpPacket.Data.class,
                            data -> assertThat(data.block()).isEqualTo(2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 200_000})
    void lateAcksOfAnEndedTransferAreSilent(int octets) throws IOException {
        lab.files.with("file", octets);
        lab.start();
        try (TestClient client = lab.client()) {
            client.fetch("file");
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
            client.ack(octets / 512 + 1);
            assertThat(client.receive(300)).isEmpty();
        }
    }

    @Test
    void aLostLastAckBringsTheLastBlockAgain() throws IOException {
        lab.files.with("file", 700);
        lab.start();
        try (TestClient client = lab.client()) {
            client.request("file", "timeout", "1");
            client.receive();
            client.ack(0);
            client.receive();
            client.ack(1);
            TftpPacket last = client.receive();
            assertThat(client.receive()).isEqualTo(last);
            client.ack(2);
        }
        await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
    }

    @Test
    void aDuplicatedRequestIsAnsweredOnce() throws IOException {
        lab.files.with("file", 700);
        lab.start();
        try (TestClient client = lab.client()) {
            for (int i = 0; i < 5; i++) {
                client.request("file", "blksize", "512");
            }
            assertThat(client.receive()).isInstanceOf(TftpPacket.OptionAck.class);
            assertThat(client.receive(150)).isEmpty();
            assertThat(lab.server().transfers()).isEqualTo(1);
            client.ack(0);
            assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
            client.request("file", "blksize", "512");
            assertThat(client.receive(50)).as("a late duplicate").isEmpty();
        }
    }

    /** 1350-26. */
    @Test
    void thePortOfAnEndedTransferMayBeUsedAgainAtOnce() throws IOException {
        lab.files.with("file", 100);
        lab.start();
        try (TestClient client = lab.client()) {
            for (int transfer = 1; transfer <= 200; transfer++) {
                client.request("file");
                assertThat(client.receive()).as("transfer %d", transfer).isInstanceOf(TftpPacket.Data.class);
                client.ack(1);
            }
        }
    }

    @Test
    void aClientThatBeginsAnewFromTheSamePortIsServed() throws IOException {
        lab.files.with("file", 2000);
        lab.start();
        try (TestClient client = lab.client()) {
            client.request("file", "timeout", "255", "blksize", "512");
            client.receive();
            client.ack(0);
            client.receive();
            InetSocketAddress before = client.peer();
            await().pollInterval(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> {
                client.request("file", "timeout", "255", "blksize", "512");
                return client.receive(100).isPresent();
            });
            assertThat(client.peer()).isNotEqualTo(before);
            assertThat(lab.server().transfers()).isEqualTo(1);
        }
    }

    @Test
    void aClientsErrorEndsTheTransfer() throws IOException {
        lab.files.with("file", 700);
        lab.start();
        try (TestClient client = lab.client()) {
            client.request("file", "tsize", "0");
            client.receive();
            client.reply(new TftpPacket.Failure(8, "only the size"));
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
            assertThat(client.fetch("file", "blksize", "1468", "windowsize", "4"))
                    .isEqualTo(lab.files.content("file"));
        }
    }

    @Test
    void aFileThatEndsEarlyIsAnErrorNotAShortFile() throws IOException {
        lab.files.with("file", 400_000);
        lab.files.failAt(300_000);
        lab.start();
        try (TestClient client = lab.client()) {
            assertThatThrownBy(() -> client.fetch("file", "blksize", "1428"))
                    .hasMessageContaining("The file cannot be read");
        }
    }
}
