package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lone transfer of many blocks, which the kernel sees as a socket connected to its client. */
class OwnLineTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path SOCKETS = Path.of("/proc/self/net/udp");

    private final TftpLab lab = new TftpLab();

    @BeforeEach
    void start() {
        assumeTrue(Epoll.isAvailable(), "not Linux: transfers have no sockets of their own");
        lab.files.with("long", 200_000).with("other", 300_000);
        startWithPorts(32);
    }

    private void startWithPorts(int portsPerAddress) {
        lab.start(new TftpLimits(100, 100, 100, portsPerAddress, 4, 1 << 20, 64, 256 << 10));
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void itIsThereFromTheFirstAcknowledgementToTheEnd() throws IOException {
        try (TestClient client = lab.client()) {
            client.request("long");
            client.receive();
            assertThat(hasLine(client))
                    .as("nobody has shown yet that he exists")
                    .isFalse();
            acknowledge(client, 1);
            assertThat(hasLine(client)).isTrue();
            client.reply(new TftpPacket.Failure(0, "enough"));
            await().atMost(PATIENCE).until(() -> !hasLine(client));
            assertThat(client.fetch("long")).isEqualTo(lab.files.content("long"));
            await().atMost(PATIENCE).until(() -> !hasLine(client));
        }
    }

    @Test
    void stoppingClosesIt() throws IOException {
        try (TestClient client = lab.client()) {
            begin(client);
            lab.server().stop(Duration.ZERO);
            await().atMost(PATIENCE).until(() -> !hasLine(client));
        }
    }

    @Test
    void windowsAndShortFilesDoWithoutIt() throws IOException {
        lab.files.with("short", 20_000);
        try (TestClient windows = lab.client();
                TestClient small = lab.client()) {
            windows.request("long", "windowsize", "4");
            windows.receive();
            acknowledge(windows, 0);
            small.request("short");
            small.receive();
            acknowledge(small, 1);
            assertThat(hasLine(windows)).isFalse();
            assertThat(hasLine(small)).isFalse();
        }
    }

    @Test
    void aForeignPortStillEarnsAnErrorAndDisturbsNothing() throws IOException {
        try (TestClient client = lab.client();
                TestClient stranger = lab.client()) {
            begin(client);
            stranger.sendTo(client.peer(), new TftpPacket.Ack(2));
            assertThat(stranger.receive()).isEqualTo(new TftpPacket.Failure(5, "Unknown transfer"));
            stranger.sendTo(client.peer(), new TftpPacket.Failure(0, "stop"));
            acknowledge(client, 2);
        }
    }

    @Test
    void transfersThatShareAPortDoNotMix() throws IOException {
        lab.server().stop(Duration.ZERO);
        startWithPorts(1);
        try (TestClient first = lab.client();
                TestClient second = lab.client()) {
            begin(first);
            begin(second);
            assertThat(second.peer()).isEqualTo(first.peer());
            assertThat(hasLine(first)).isTrue();
            assertThat(hasLine(second)).as("the port is not its alone").isFalse();
            acknowledge(first, 2);
            acknowledge(second, 2);
            first.reply(new TftpPacket.Failure(0, "enough"));
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 1);
            acknowledge(second, 3);
        }
    }

    @Test
    void nobodyElseCanHaveItsPort() throws IOException {
        try (TestClient client = lab.client();
                DatagramSocket intruder = new DatagramSocket(null)) {
            begin(client);
            intruder.setReuseAddress(true);
            assertThatThrownBy(() -> intruder.bind(client.peer())).isInstanceOf(BindException.class);
        }
    }

    @Test
    void aLostBlockIsRepeatedOnIt() throws IOException {
        try (TestClient client = lab.client()) {
            begin(client);
            assertThat(client.receive())
                    .as("block 2 again, since nobody acknowledged it")
                    .isInstanceOfSatisfying(
                            TftpPacket.Data.class,
                            data -> assertThat(data.block()).isEqualTo(2));
            acknowledge(client, 2);
        }
    }

    private void begin(TestClient client) throws IOException {
        client.request("long");
        client.receive();
        acknowledge(client, 1);
    }

    /** The next block follows, maybe after repetitions of the one before: this test can be slow. */
    private static void acknowledge(TestClient client, int block) throws IOException {
        client.ack(block);
        TftpPacket answer = client.receive();
        while (answer instanceof TftpPacket.Data data && data.block() <= block) {
            answer = client.receive();
        }
        assertThat(answer)
                .isInstanceOfSatisfying(
                        TftpPacket.Data.class, data -> assertThat(data.block()).isEqualTo(block + 1));
    }

    /** Whether any socket of this host is connected to that of {@code client}. */
    private static boolean hasLine(TestClient client) throws IOException {
        String remote = String.format(Locale.ROOT, "0100007F:%04X", client.socket.getLocalPort());
        try (Stream<String> sockets = Files.lines(SOCKETS)) {
            return sockets.anyMatch(line -> line.trim().split("\\s+")[2].equals(remote));
        }
    }
}
