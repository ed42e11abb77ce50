package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.app.demo.SimulatedMachine.Program.FIRMWARE;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jbootd.app.FreePorts;
import org.jbootd.app.demo.LoopbackWire;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Machines boot without a pause while the configuration changes again and again, every second time into a broken one. */
class ReloadUnderLoadTest {

    private static final int RELOADS = 1_000;
    private static final int MACHINES = 20;
    private static final String END = "END";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final Logger log = (Logger) LoggerFactory.getLogger("jbootd.dhcp");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private int dhcpPort;

    @BeforeEach
    void listen() {
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(lines);
    }

    /** What tells one configuration from the other in an answer. */
    private record Marks(Optional<Duration> leaseTime, Optional<Ipv4> router, String bootFile) {

        static Marks of(Reply reply) {
            return new Marks(
                    reply.leaseTime().map(Marks::inHours),
                    reply.packet().options().address(3),
                    reply.bootFile());
        }

        /** A machine is told less by as much as the disk was busy. */
        private static Duration inHours(Duration told) {
            return Duration.ofHours(told.plusHours(1).minusSeconds(1).toHours());
        }

        static Marks of(int hours) {
            return new Marks(
                    Optional.of(Duration.ofHours(hours)), Optional.of(Ipv4.parse("127.0.0." + hours)), "file" + hours);
        }
    }

    @Test
    void noExchangeAndNoNotificationIsLostAndEachAnswerIsOfOneConfiguration() throws Exception {
        HttpServer authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/boot", question -> {
            question.sendResponseHeaders(200, -1);
            question.close();
        });
        authority.start();
        dhcpPort = FreePorts.free();
        ExecutorService load = Executors.newCachedThreadPool();
        try (LoopbackWire wire = new LoopbackWire(dhcpPort);
                DatagramSocket one = listener();
                DatagramSocket other = listener()) {
            Future<Integer> heardByOne = load.submit(() -> listen(one));
            Future<Integer> heardByOther = load.submit(() -> listen(other));
            String byList = configuration(wire, 2, "access = mac" + notify(one), "[mac]\n02/8 = on\n");
            String byAuthority = configuration(
                    wire,
                    3,
                    "access = http" + notify(other),
                    "[http]\nlocation = http://localhost:"
                            + authority.getAddress().getPort() + "\npxe = boot\ndhcp = boot\n");
            Daemon daemon = new Daemon(read(byList).orElseThrow());
            int booted;
            daemon.start();
            try {
                AtomicBoolean enough = new AtomicBoolean();
                Future<List<Reply>> replies = load.submit(() -> boot(wire, enough));
                for (int i = 0; i < RELOADS; i++) {
                    boolean broken = i % 2 == 1;
                    Optional<Settings> settings =
                            read((i % 4 == 0 ? byAuthority : byList) + (broken ? "nonsense" : ""));
                    assertThat(settings.isEmpty()).isEqualTo(broken);
                    if (settings.isPresent()) {
                        daemon.adopt(settings.get());
                    }
                }
                enough.set(true);

                Set<Marks> seen = new HashSet<>();
                replies.get(60, TimeUnit.SECONDS).forEach(reply -> seen.add(Marks.of(reply)));
                booted = replies.get().size() / 2;
                assertThat(seen).containsExactlyInAnyOrder(Marks.of(2), Marks.of(3));
                assertThat(List.copyOf(lines.list))
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .anyMatch(line -> line.contains(": ACK "))
                        .noneMatch(line -> line.contains("no answer"));
            } finally {
                daemon.stop();
            }
            tell(one, END);
            tell(other, END);
            // a request that was repeated is told of again
            assertThat(heardByOne.get() + heardByOther.get()).isGreaterThanOrEqualTo(booted);
            assertThat(heardByOne.get()).isPositive();
            assertThat(heardByOther.get()).isPositive();
        } finally {
            load.shutdownNow();
            authority.stop(0);
        }
    }

    private static DatagramSocket listener() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout((int) Duration.ofMinutes(5).toMillis());
        return socket;
    }

    private static String notify(DatagramSocket listener) {
        return "\nnotify = 127.0.0.1:" + listener.getLocalPort();
    }

    /** How many machines booted, as {@code listener} heard until {@link #END}. */
    private static int listen(DatagramSocket listener) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[200], 200);
        for (int boots = 0; ; boots++) {
            listener.receive(datagram);
            String text = new String(datagram.getData(), 0, datagram.getLength(), StandardCharsets.US_ASCII);
            if (text.equals(END)) {
                return boots;
            }
            assertThat(text).startsWith("BOOT,00000000-0000-0001-0000-0000000000");
        }
    }

    private static void tell(DatagramSocket listener, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(octets, octets.length, listener.getLocalSocketAddress()));
        }
    }

    private String configuration(LoopbackWire wire, int hours, String access, String sections) {
        return """
                [bootp]
                pool_start = 127.0.0.100
                pool_count = %d
                lease_time = %dh
                router = 127.0.0.%d
                boot_file = file%d
                port = %d
                reply_port = %d
                %s
                [leases]
                data_dir = leases
                %s""".formatted(MACHINES, hours, hours, hours, dhcpPort, wire.replyPort(), access, sections);
    }

    private Optional<Settings> read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("jbootd.ini"), text);
        return Settings.read(
                file, "jbootd.ini", Settings.Services.DHCP_ONLY, HostNetworks.ofThisHost(), new Findings());
    }

    /** Every exchange gets its answer, or this fails. */
    private static List<Reply> boot(LoopbackWire wire, AtomicBoolean enough) throws IOException {
        List<Reply> replies = new ArrayList<>();
        for (int number = 1; !enough.get(); number = number % MACHINES + 1) {
            SimulatedMachine machine = new SimulatedMachine(
                    HardwareAddress.parse(String.format("02-00-00-00-00-%02X", number)),
                    new UUID(1, number),
                    new ClientArchitecture(7),
                    wire,
                    new Random(replies.size()));
            Reply offer = machine.discover(FIRMWARE, PATIENCE).orElseThrow();
            replies.add(offer);
            replies.add(machine.select(FIRMWARE, offer, PATIENCE).orElseThrow());
        }
        return replies;
    }
}
