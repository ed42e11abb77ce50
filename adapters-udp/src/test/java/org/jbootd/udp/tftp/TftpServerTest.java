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
import org.jbootd.domain.files.FileUnavailable.Why;
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
import org.junit.jupiter.params.provider.ValueSource;

class TftpServerTest {

    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestFiles files = new TestFiles();
    private final EventLoops loops = new EventLoops(2);
    private TftpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(Duration.ZERO);
        }
        loops.close();
        assertThat(files.open()).as("files left open").isZero();
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
        files.with("file", octets);
        start();
        try (TestClient client = client()) {
            assertThat(client.fetch("file", words(options))).isEqualTo(files.content("file"));
        }
    }

    @Test
    void fortyMegabytesArrive() throws IOException {
        files.with("initrd", 40_000_000);
        start();
        try (TestClient client = client()) {
            assertThat(client.fetch("initrd", "blksize", "1428", "windowsize", "16", "tsize", "0"))
                    .isEqualTo(files.content("initrd"));
        }
    }

    @Test
    void withoutEpollEveryByteArrivesToo() throws IOException {
        EventLoops plain = EventLoopsForTests.withoutEpoll(1);
        files.with("file", 300_000);
        TftpServer portable = new TftpServer(TftpSettings.of(LOOPBACK, 0), files, plain);
        portable.start();
        try (TestClient client = new TestClient(portable.address())) {
            assertThat(client.fetch("file", "blksize", "1428", "windowsize", "16"))
                    .isEqualTo(files.content("file"));
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
        files.with("text", text.toByteArray());
        start();
        try (TestClient client = client()) {
            assertThat(NetasciiText.decode(client.fetchAs("NetASCII", "text", words(options))))
                    .isEqualTo(text.toByteArray());
        }
    }

    @Test
    void onlyWhatWasAskedIsAcknowledged() throws IOException {
        files.with("file", 1234);
        start();
        try (TestClient client = client()) {
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
        files.with("file", 2000);
        start();
        Set<InetSocketAddress> ports = new HashSet<>();
        try (TestClient client = client()) {
            for (int i = 0; i < 8; i++) {
                client.request("file", "i", "" + i);
                client.receive();
                ports.add(client.peer());
            }
        }
        assertThat(ports).hasSize(8).doesNotContain(server.address());
    }

    @Test
    void answersComeFromTheAddressThatWasAsked() throws IOException {
        assumeTrue(Epoll.isAvailable(), "a datagram's destination is known on Linux only");
        files.with("file", 2000);
        start(new TftpSettings(Ipv4.UNSPECIFIED, 0, 65464, Duration.ofSeconds(2), TftpLimits.USUAL));
        for (String address : List.of("127.0.0.1", "127.0.0.2", "127.3.2.1")) {
            InetSocketAddress asked =
                    new InetSocketAddress(address, server.address().getPort());
            try (TestClient client = new TestClient(asked)) {
                assertThat(client.fetch("file")).isEqualTo(files.content("file"));
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
            files.with("file" + i, 150_000 + i);
        }
        start();
        ExecutorService clients = Executors.newFixedThreadPool(24);
        List<Future<byte[]>> fetched = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String name = "file" + i;
            fetched.add(clients.submit(() -> {
                try (TestClient client = client()) {
                    return client.fetch(name, "blksize", "1000", "windowsize", "3");
                }
            }));
        }
        for (int i = 0; i < 24; i++) {
            assertThat(fetched.get(i).get()).isEqualTo(files.content("file" + i));
        }
        clients.shutdown();
        await().atMost(PATIENCE).until(() -> server.transfers() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND,1,File not found",
        "NOT_ALLOWED,2,Access violation",
        "NOT_A_FILE,2,Not a file",
        "BROKEN,0,The file cannot be read"
    })
    void aFileThatIsNotServedIsOneErrorWithAFixedText(Why why, int code, String text) throws IOException {
        files.refuse("it", why);
        start();
        try (TestClient client = client()) {
            client.request("it", "blksize", "1428");
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(code, text));
            assertThat(client.receive(300)).as("nothing more").isEmpty();
        }
        await().atMost(PATIENCE).until(() -> server.transfers() == 0);
    }

    @Test
    void namesReachTheFilesExactlyAsSent() throws IOException {
        start();
        List<String> names =
                List.of("../../etc/passwd", "\\a\\b", "", "/", "C:\\boot.ini", "a b", "größe", "x\ry", "*");
        try (TestClient client = client()) {
            for (String name : names) {
                client.request(name);
                assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(1, "File not found"));
            }
        }
        assertThat(files.asked()).isEqualTo(names);
    }

    @Test
    void nobodyMayWrite() throws IOException {
        start();
        try (TestClient client = client()) {
            client.toServer(new TftpPacket.WriteRequest("x", "octet", List.of()).encode());
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(2, "This server takes no files"));
        }
        assertThat(files.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 99, 65535, 3, 4, 6})
    void whatIsNoRequestIsAnIllegalOperation(int opcode) throws IOException {
        start();
        try (TestClient client = client()) {
            client.toServer(new byte[] {(byte) (opcode >> 8), (byte) opcode, 0, 1, 'x', 0});
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Illegal operation"));
        }
    }

    @Test
    void anErrorIsNeverAnswered() throws IOException {
        start();
        try (TestClient client = client()) {
            client.toServer(new TftpPacket.Failure(0, "x").encode());
            assertThat(client.receive(300)).isEmpty();
        }
    }

    @Test
    void unknownModesAndBrokenRequestsAreErrors() throws IOException {
        start();
        try (TestClient client = client()) {
            client.toServer(new TftpPacket.ReadRequest("x", "mail", List.of()).encode());
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Unknown mode"));
            client.toServer("\0\1nothing ends this".getBytes(US_ASCII));
            assertThat(client.receive()).isEqualTo(new TftpPacket.Failure(4, "Malformed request"));
        }
    }

    @Test
    void aForeignPortEarnsAnErrorAndDisturbsNothing() throws IOException {
        files.with("file", 1500);
        start();
        try (TestClient client = client();
                TestClient stranger = client();
                TestClient otherHost = new TestClient(server.address(), "127.0.0.9")) {
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
        files.with("file", octets);
        start();
        try (TestClient client = client()) {
            client.fetch("file");
            await().atMost(PATIENCE).until(() -> server.transfers() == 0);
            client.ack(octets / 512 + 1);
            assertThat(client.receive(300)).isEmpty();
        }
    }

    @Test
    void aLostLastAckBringsTheLastBlockAgain() throws IOException {
        files.with("file", 700);
        start();
        try (TestClient client = client()) {
            client.request("file", "timeout", "1");
            client.receive();
            client.ack(0);
            client.receive();
            client.ack(1);
            TftpPacket last = client.receive();
            assertThat(client.receive()).isEqualTo(last);
            client.ack(2);
        }
        await().atMost(PATIENCE).until(() -> server.transfers() == 0);
    }

    @Test
    void aDuplicatedRequestIsAnsweredOnce() throws IOException {
        files.with("file", 700);
        start();
        try (TestClient client = client()) {
            for (int i = 0; i < 5; i++) {
                client.request("file", "blksize", "512");
            }
            assertThat(client.receive()).isInstanceOf(TftpPacket.OptionAck.class);
            assertThat(client.receive(150)).isEmpty();
            assertThat(server.transfers()).isEqualTo(1);
            client.ack(0);
            assertThat(client.receive()).isInstanceOf(TftpPacket.Data.class);
            client.request("file", "blksize", "512");
            assertThat(client.receive(50)).as("a late duplicate").isEmpty();
        }
    }

    /** 1350-26. */
    @Test
    void thePortOfAnEndedTransferMayBeUsedAgainAtOnce() throws IOException {
        files.with("file", 100);
        start();
        try (TestClient client = client()) {
            for (int transfer = 1; transfer <= 200; transfer++) {
                client.request("file");
                assertThat(client.receive()).as("transfer %d", transfer).isInstanceOf(TftpPacket.Data.class);
                client.ack(1);
            }
        }
    }

    @Test
    void aClientThatBeginsAnewFromTheSamePortIsServed() throws IOException {
        files.with("file", 2000);
        start();
        try (TestClient client = client()) {
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
            assertThat(server.transfers()).isEqualTo(1);
        }
    }

    @Test
    void aClientsErrorEndsTheTransfer() throws IOException {
        files.with("file", 700);
        start();
        try (TestClient client = client()) {
            client.request("file", "tsize", "0");
            client.receive();
            client.reply(new TftpPacket.Failure(8, "only the size"));
            await().atMost(PATIENCE).until(() -> server.transfers() == 0);
            assertThat(client.fetch("file", "blksize", "1468", "windowsize", "4"))
                    .isEqualTo(files.content("file"));
        }
    }

    @Test
    void aFileThatEndsEarlyIsAnErrorNotAShortFile() throws IOException {
        files.with("file", 400_000);
        files.failAt(300_000);
        start();
        try (TestClient client = client()) {
            assertThatThrownBy(() -> client.fetch("file", "blksize", "1428"))
                    .hasMessageContaining("The file cannot be read");
        }
    }

    @Test
    void stoppingGivesTransfersTheirTimeAndThenEndsThem() throws Exception {
        files.with("file", 2000);
        start();
        ExecutorService stopper = Executors.newSingleThreadExecutor();
        try (TestClient quick = client();
                TestClient idle = client()) {
            idle.request("file", "timeout", "200");
            idle.receive();
            quick.request("file", "timeout", "200");
            quick.receive();
            Future<?> stopped = stopper.submit(() -> server.stop(Duration.ofSeconds(2)));
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
        start();
        server.stop(Duration.ofDays(1));
        server.stop(Duration.ofDays(1));
    }

    @Test
    void aPortInUseIsOneClearFailure() {
        start();
        TftpSettings same = TftpSettings.of(LOOPBACK, server.address().getPort());
        TftpServer second = new TftpServer(same, files, loops);

        assertThatThrownBy(second::start)
                .isInstanceOf(BindFailure.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining(String.valueOf(server.address().getPort()));
        second.stop(Duration.ZERO);
    }

    @Test
    void aSlowFileHoldsUpNobodyElse() throws Exception {
        files.with("slow", 1000).with("quick", 1000);
        CountDownLatch gate = new CountDownLatch(1);
        start();
        try (TestClient waiting = client();
                TestClient other = client()) {
            other.request("quick", "timeout", "200");
            other.receive();
            files.closeGate(gate);
            waiting.request("slow");
            await().atMost(PATIENCE).until(() -> files.asked().contains("slow"));
            other.ack(0);
            assertThat(other.receive()).isInstanceOf(TftpPacket.Data.class);
            gate.countDown();
            assertThat(waiting.follow()).isEqualTo(files.content("slow"));
        }
    }

    @Test
    void whatIsStillOnItsWayHoldsUpNobodyElse() throws Exception {
        files.with("remote", 5 * SharedFile.STRIDE).with("local", 1000);
        files.arriveUntil(SharedFile.USUAL_PIECE);
        start();
        List<TestClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                TestClient client = client();
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
            try (TestClient other = client()) {
                assertThat(other.fetch("local")).isEqualTo(files.content("local"));
            }
            assertThat(server.contentOctets())
                    .as("memory held for what has not come")
                    .isLessThanOrEqualTo(20L * SharedFile.USUAL_PIECE);
        } finally {
            waiting.forEach(TestClient::close);
        }
    }

    private static String[] words(String options) {
        return options.isEmpty() ? new String[0] : options.split(" ");
    }

    private void start() {
        start(TftpSettings.of(LOOPBACK, 0));
    }

    private void start(TftpSettings settings) {
        server = new TftpServer(settings, files, loops);
        server.start();
    }

    private TestClient client() throws IOException {
        return new TestClient(server.address());
    }
}
