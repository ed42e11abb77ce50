package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send, and that an ordinary client is served right after it. */
class TftpServerAbuseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final TftpLab lab = new TftpLab();

    @BeforeEach
    void furnish() {
        lab.files.with("file", 200_000);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void generatedDatagramsLeaveTheServerAsItWas() throws IOException {
        long seed = Long.getLong("jbootd.seed", 20260101L);
        lab.start(TftpLimits.USUAL);
        warmUp();
        long descriptors = descriptors();
        long threads = Thread.activeCount();
        GeneratedDatagrams generated = new GeneratedDatagrams(new Random(seed));
        for (int burst = 0; burst < 20; burst++) {
            try (TestClient sender = lab.client()) {
                for (int i = 0; i < 500; i++) {
                    sender.toServer(generated.next());
                }
            }
            assertServes("seed " + seed + ", burst " + burst);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 4);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo((int) threads + 4);
    }

    @Test
    void noiseOnATransfersPortDoesNotDisturbIt() throws IOException {
        long seed = Long.getLong("jbootd.seed", 20260101L);
        lab.start(TftpLimits.USUAL);
        GeneratedDatagrams generated = new GeneratedDatagrams(new Random(seed));
        try (TestClient client = lab.client();
                TestClient stranger = lab.client()) {
            client.request("file", "blksize", "1428", "timeout", "200");
            client.receive();
            for (int i = 0; i < 5_000; i++) {
                byte[] noise = generated.next();
                stranger.socket.send(new DatagramPacket(noise, noise.length, client.peer()));
            }
            client.ack(0);
            assertThat(client.followFrom(1428, 1)).as("seed %d", seed).isEqualTo(lab.files.content("file"));
        }
    }

    @Test
    void tenThousandAbandonedTransfersCostNoDescriptorNoThreadAndNobodyElse() throws IOException {
        lab.start(TftpLimits.USUAL);
        warmUp();
        long descriptors = descriptors();
        int threads = Thread.activeCount();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            TestClient client = new TestClient(lab.server().address(), "127.0.1." + (1 + i % 25));
            clients.add(client);
            for (int request = 0; request < 25; request++) {
                client.request("file", "blksize", "1428", "timeout", "200", "n", "" + request);
                client.receive();
            }
        }
        assertThat(lab.server().transfers()).isEqualTo(10_000);
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + clients.size() + 4);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        assertServes("beside ten thousand");
        clients.forEach(TestClient::close);
    }

    @Test
    void oneClientAbandonsAsManyTransfersAsItMayAndNoMore() throws IOException {
        lab.start(TftpLimits.USUAL);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            TestClient client = lab.client();
            clients.add(client);
            for (int request = 0; request < 25; request++) {
                client.request("file", "blksize", "1428", "timeout", "200", "n", "" + request);
                client.receive();
            }
        }
        assertThat(lab.server().transfers()).isEqualTo(TftpLimits.USUAL.transfersPerClient());
        assertServes("after a thousand");
        clients.forEach(TestClient::close);
    }

    /** Whoever is named as the sender may never have asked. */
    @ParameterizedTest(name = "options {0}")
    @ValueSource(strings = {"", "timeout 1", "timeout 1 windowsize 64 blksize 1428", "windowsize 64"})
    void whoNeverAcknowledgesGetsTwoPackets(String options) throws IOException {
        lab.start(TftpLimits.USUAL);
        try (TestClient client = lab.client()) {
            client.request("file", options.isEmpty() ? new String[0] : options.split(" "));
            TftpPacket first = client.receive();
            assertThat(client.receive()).isEqualTo(first);
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
            assertThat(client.receive(1)).isEmpty();
        }
    }

    @Test
    void whoAsksForWhatIsNotThereGetsOnePacket() throws IOException {
        lab.start(TftpLimits.USUAL);
        try (TestClient client = lab.client()) {
            client.request("nothing", "timeout", "1");
            assertThat(client.receive()).isInstanceOf(TftpPacket.Failure.class);
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
            assertThat(client.receive(1)).isEmpty();
        }
    }

    @Test
    void onePortAskingForMoreThanThereAreSocketsKeepsTheNewest() throws IOException {
        lab.start(new TftpLimits(100, 100, 100, 2, 4, 1 << 20, 64, 256 << 10));
        try (TestClient client = lab.client()) {
            for (int request = 0; request < 10; request++) {
                client.request("file", "blksize", "1428", "timeout", "200", "n", "" + request);
                assertThat(client.receive()).isInstanceOf(TftpPacket.OptionAck.class);
            }
            await().atMost(PATIENCE).until(() -> lab.server().transfers() == 2);
            client.ack(0);
            assertThat(client.followFrom(1428, 1)).isEqualTo(lab.files.content("file"));
        }
    }

    @Test
    void theOldestUnconfirmedGivesWay() throws IOException {
        lab.start(new TftpLimits(100, 4, 100, 4, 4, 1 << 20, 64, 256 << 10));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(lab.client());
            clients.get(i).request("file", "blksize", "1428", "timeout", "200");
            clients.get(i).receive();
        }
        clients.get(0).ack(0);
        assertThat(clients.get(0).receive()).isInstanceOf(TftpPacket.Data.class);

        assertServes("a fifth");

        // The fifth ended, and the oldest that nobody confirmed had to go for it.
        await().atMost(PATIENCE).until(() -> lab.server().transfers() == 3);
        clients.get(0).ack(1);
        assertThat(clients.get(0).receive()).as("a confirmed one goes on").isInstanceOf(TftpPacket.Data.class);
        clients.get(1).ack(0);
        assertThat(clients.get(1).receive(200))
                .as("the oldest unconfirmed does not")
                .isEmpty();
        clients.forEach(TestClient::close);
    }

    @Test
    void confirmedTransfersAreNeverCrowdedOut() throws IOException {
        lab.start(new TftpLimits(4, 4, 100, 4, 4, 1 << 20, 64, 256 << 10));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(lab.client());
            clients.get(i).request("file", "blksize", "1428", "timeout", "200");
            clients.get(i).receive();
            clients.get(i).ack(0);
            clients.get(i).receive();
        }
        try (TestClient fifth = lab.client()) {
            await().atMost(PATIENCE).until(() -> {
                fifth.request("file");
                return fifth.receive(100).isEmpty();
            });
        }
        for (TestClient client : clients) {
            client.ack(1);
            assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
            client.close();
        }
    }

    @Test
    void manyFilesFitIntoLittleMemory() throws IOException {
        lab.files.unshared();
        for (int i = 0; i < 40; i++) {
            lab.files.with("big" + i, 600_000 + i);
        }
        lab.start(new TftpLimits(100, 100, 100, 8, 4, 1 << 20, 64, 256 << 10));
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(lab.client());
            clients.get(i).request("big" + i, "blksize", "1428", "timeout", "200", "windowsize", "8");
            assertThat(clients.get(i).receive()).isInstanceOf(TftpPacket.OptionAck.class);
        }
        for (int i = 0; i < 40; i++) {
            clients.get(i).ack(0);
        }
        for (int i = 0; i < 40; i++) {
            assertThat(clients.get(i).followFrom(1428, 8)).isEqualTo(lab.files.content("big" + i));
            clients.get(i).close();
        }
        await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
        await().atMost(PATIENCE).until(() -> lab.server().contentOctets() == 0);
    }

    @Test
    void echoingPortsAreNotAnswered() {
        lab.start(TftpLimits.USUAL);
        assertThat(Stream.of(7, 19, 53, 123)).allMatch(RequestListener::isEchoing);
        assertThat(Stream.of(1023, 1024, 1900, 2070)).noneMatch(RequestListener::isEchoing);
    }

    /** Opens every socket that transfers will use. */
    private void warmUp() throws IOException {
        for (int i = 0; i < TftpLimits.USUAL.portsPerAddress() + 2; i++) {
            assertServes("warm-up");
        }
    }

    private void assertServes(String when) throws IOException {
        try (TestClient client = lab.client()) {
            assertThat(client.fetch("file", "blksize", "1428", "windowsize", "8"))
                    .as(when)
                    .isEqualTo(lab.files.content("file"));
        }
    }

    private static long descriptors() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0; // not counted on this system
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
