package org.jbootd.udp.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.NetasciiText;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.BindFailure;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.EventLoopsForTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is served, and from where; and what a server does at its start and its end. */
class TftpServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TftpLab lab = new TftpLab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0,''",
        "1,''",
        "511,''",
        "512,''",
        "513,''",
        "1024,''",
        "100000,''",
        "0,blksize 1428 tsize 0",
        "1427,blksize 1428",
        "1428,blksize 1428",
        "2856,blksize 1428",
        "1000000,blksize 1468 windowsize 4",
        "1000000,blksize 1428 windowsize 16",
        "1000000,blksize 1428 windowsize 64",
        "65536,blksize 512 windowsize 8",
        "300000,blksize 65464 windowsize 4",
        "200000,blksize 2048 windowsize 3",
        "200000,blksize 2049 windowsize 3",
        "3000,blksize 8 windowsize 5",
        "560000,blksize 8 windowsize 64"
    })
    void everyByteArrives(int octets, String options) throws IOException {
        lab.files.with("file", octets);
        lab.start();
        try (TestClient client = lab.client()) {
            assertThat(client.fetch("file", words(options))).isEqualTo(lab.files.content("file"));
        }
    }

    @Test
    void fortyMegabytesArrive() throws IOException {
        lab.files.with("initrd", 40_000_000);
        lab.start();
        try (TestClient client = lab.client()) {
            assertThat(client.fetch("initrd", "blksize", "1428", "windowsize", "16", "tsize", "0"))
                    .isEqualTo(lab.files.content("initrd"));
        }
    }

    @Test
    void withoutEpollEveryByteArrivesToo() throws IOException {
        EventLoops plain = EventLoopsForTests.withoutEpoll(1);
        lab.files.with("file", 300_000);
        TftpServer portable = new TftpServer(TftpSettings.of(TftpLab.LOOPBACK, 0), lab.files, plain);
        portable.start();
        try (TestClient client = new TestClient(portable.address())) {
            assertThat(client.fetch("file", "blksize", "1428", "windowsize", "16"))
                    .isEqualTo(lab.files.content("file"));
        } finally {
            portable.stop(Duration.ZERO);
            plain.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "blksize 100 windowsize 7", "blksize 4000 windowsize 8"})
    void textIsConverted(String options) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int line = 0; text.size() < 200_000; line++) {
            text.writeBytes(
                    ("line " + line + (line % 7 == 0 ? "\r\n" : line % 5 == 0 ? "\r" : "\n")).getBytes(US_ASCII));
        }
        lab.files.with("text", text.toByteArray());
        lab.start();
        try (TestClient client = lab.client()) {
            assertThat(NetasciiText.decode(client.fetchAs("NetASCII", "text", words(options))))
                    .isEqualTo(text.toByteArray());
        }
    }

    @Test
    void onlyWhatWasAskedIsAcknowledged() throws IOException {
        lab.files.with("file", 1234);
        lab.start();
        try (TestClient client = lab.client()) {
            client.request("file", "x-unknown", "1", "TSize", "0", "blksize", "1428", "timeout", "0");
            assertThat(client.receive())
                    .isEqualTo(new TftpPacket.OptionAck(
                            List.of(new TransferOption("TSize", "1234"), new TransferOption("blksize", "1428"))));
            client.request("file", "x-unknown", "1");
            assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
        }
    }

    @Test
    void transfersHavePortsOfTheirOwn() throws IOException {
        lab.files.with("file", 2000);
        lab.start();
        Set<InetSocketAddress> ports = new HashSet<>();
        try (TestClient client = lab.client()) {
            for (int i = 0; i < 8; i++) {
                client.request("file", "i", "" + i);
                client.receive();
                ports.add(client.peer());
            }
        }
        assertThat(ports).hasSize(8).doesNotContain(lab.server().address());
    }

    @Test
    void answersComeFromTheAddressThatWasAsked() throws IOException {
        assumeTrue(Epoll.isAvailable(), "a datagram's destination is known on Linux only");
        lab.files.with("file", 2000);
        lab.start(new TftpSettings(Ipv4.UNSPECIFIED, 0, 65464, Duration.ofSeconds(2), TftpLimits.USUAL));
        for (String address : List.of("127.0.0.1", "127.0.0.2", "127.3.2.1")) {
            InetSocketAddress asked =
                    new InetSocketAddress(address, lab.server().address().getPort());
            try (TestClient client = new TestClient(asked)) {
                assertThat(client.fetch("file")).isEqualTo(lab.files.content("file"));
                assertThat(client.peer().getAddress()).isEqualTo(asked.getAddress());
                client.request("nothing");
                client.receive();
                assertThat(client.peer().getAddress()).isEqualTo(asked.getAddress());
            }
        }
    }

    @Test
    void clientsAtTheSameTimeDoNotMix() throws Exception {
        for (int i = 0; i < 24; i++) {
            lab.files.with("file" + i, 150_000 + i);
        }
        lab.start();
        ExecutorService clients = Executors.newFixedThreadPool(24);
        List<Future<byte[]>> fetched = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String name = "file" + i;
            fetched.add(clients.submit(() -> {
                try (TestClient client = lab.client()) {
                    return client.fetch(name, "blksize", "1000", "windowsize", "3");
                }
            }));
        }
        for (int i = 0; i < 24; i++) {
            assertThat(fetched.get(i).get()).isEqualTo(lab.files.content("file" + i));
        }
        clients.shutdown();
        await().atMost(PATIENCE).until(() -> lab.server().transfers() == 0);
    }

    @Test
    void stoppingGivesTransfersTheirTimeAndThenEndsThem() throws Exception {
        lab.files.with("file", 2000);
        lab.start();
        ExecutorService stopper = Executors.newSingleThreadExecutor();
        try (TestClient quick = lab.client();
                TestClient idle = lab.client()) {
            idle.request("file", "timeout", "200");
            idle.receive();
            quick.request("file", "timeout", "200");
            quick.receive();
            Future<?> stopped = stopper.submit(() -> lab.server().stop(Duration.ofSeconds(2)));
            quick.ack(0);
            for (int block = 1; block <= 4; block++) {
                assertThat(quick.receive()).isInstanceOf(TftpPacket.Data.class);
                quick.ack(block);
            }
            stopped.get();
            assertThat(idle.receive()).isEqualTo(new TftpPacket.Failure(0, "The server is stopping"));
        }
        stopper.shutdown();
    }

    @Test
    void stoppingDoesNotWaitWhenNothingGoesOn() {
        lab.start();
        lab.server().stop(Duration.ofDays(1));
        lab.server().stop(Duration.ofDays(1));
    }

    @Test
    void aPortInUseIsOneClearFailure() {
        lab.start();
        TftpSettings same =
                TftpSettings.of(TftpLab.LOOPBACK, lab.server().address().getPort());
        TftpServer second = new TftpServer(same, lab.files, lab.loops);

        assertThatThrownBy(second::start)
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining(String.valueOf(lab.server().address().getPort()));
        second.stop(Duration.ZERO);
    }

    @Test
    void aSlowFileHoldsUpNobodyElse() throws Exception {
        lab.files.with("slow", 1000).with("quick", 1000);
        CountDownLatch gate = new CountDownLatch(1);
        lab.start();
        try (TestClient waiting = lab.client();
                TestClient other = lab.client()) {
            other.request("quick", "timeout", "200");
            other.receive();
            lab.files.closeGate(gate);
            waiting.request("slow");
            await().atMost(PATIENCE).until(() -> lab.files.asked().contains("slow"));
            other.ack(0);
            assertThat(other.receive()).isInstanceOf(TftpPacket.Data.class);
            gate.countDown();
            assertThat(waiting.follow()).isEqualTo(lab.files.content("slow"));
        }
    }

    @Test
    void whatIsStillOnItsWayHoldsUpNobodyElse() throws Exception {
        lab.files.with("remote", 5 * SharedFile.STRIDE).with("local", 1000);
        lab.files.arriveUntil(SharedFile.USUAL_PIECE);
        lab.start();
        List<TestClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                TestClient client = lab.client();
                waiting.add(client);
                client.request("remote", "blksize", "1428");
            }
            for (TestClient client : waiting) {
                TftpPacket.OptionAck oack = (TftpPacket.OptionAck) client.receive();
                assertThat(oack.options()).contains(new TransferOption("blksize", "1428"));
                client.ack(0);
                for (int block = 1; block <= SharedFile.STRIDE / 1428; block++) {
                    assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
                    if (block < SharedFile.STRIDE / 1428) {
                        client.ack(block);
                    }
                }
            }
            try (TestClient other = lab.client()) {
                assertThat(other.fetch("local")).isEqualTo(lab.files.content("local"));
            }
            assertThat(lab.server().contentOctets())
                    .as("memory held for what has not come")
                    .isLessThanOrEqualTo(20L * SharedFile.USUAL_PIECE);
        } finally {
            waiting.forEach(TestClient::close);
        }
    }

    private static String[] words(String options) {
        return options.isEmpty() ? new String[0] : options.split(" ");
    }
}
