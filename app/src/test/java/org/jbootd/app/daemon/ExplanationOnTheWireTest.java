package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.FreePorts;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.settings.Settings;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;
import org.jbootd.udp.tftp.TftpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What is explained is what happens: random machines ask a daemon with a random configuration, each after it was explained
 * how it would be answered.
 */
class ExplanationOnTheWireTest {

    private static final long SEED = Long.getLong("jbootd.seed", 20_260_101);
    private static final int CONFIGURATIONS = 24;
    private static final int QUESTIONS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> FILES = List.of("a", "b", "c", "menu", "n0", "n2");

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final Set<String> seen = new HashSet<>();
    private final Outcomes outcomes = new Outcomes();
    private final Logger log = (Logger) LoggerFactory.getLogger("jbootd.dhcp");
    private HttpServer authority;
    private DatagramSocket in;
    private DatagramSocket out;
    private int dhcpPort;
    private int tftpPort;

    /** The line that the daemon writes for each datagram. */
    private static final class Outcomes extends AppenderBase<ILoggingEvent> {

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        String next(String begin) throws InterruptedException {
            while (true) {
                String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(line).as("the daemon's word on a " + begin).isNotNull();
                if (line.startsWith(begin)) {
                    return line.substring(line.indexOf(": ") + 2);
                }
            }
        }
    }

    @BeforeEach
    void furnish() throws IOException {
        outcomes.start();
        log.setLevel(Level.DEBUG);
        log.addAppender(outcomes);
        authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/", question -> {
            String mac =
                    question.getRequestURI().getQuery().substring("mac=".length(), "mac=02-00-00-00-00-01".length());
            int machine = mac.charAt(mac.length() - 1) - '0';
            byte[] body = ("Client: node" + machine + "\nFile: n" + machine + "\n").getBytes(StandardCharsets.US_ASCII);
            question.sendResponseHeaders(machine % 3 == 0 ? 401 : 200, body.length);
            question.getResponseBody().write(body);
            question.close();
        });
        authority.start();
        for (String name : FILES) {
            Files.writeString(
                    Files.createDirectories(directory.resolve("files")).resolve(name), "content of " + name);
        }
        Files.writeString(directory.resolve("files/pointer"), "c\n");
        in = socket("0.0.0.0", 0);
        out = socket("127.0.0.1", in.getLocalPort());
        dhcpPort = FreePorts.free();
        tftpPort = FreePorts.free();
    }

    private static DatagramSocket socket(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        socket.setReuseAddress(true);
        socket.setBroadcast(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.bind(new InetSocketAddress(address, port));
        return socket;
    }

    @AfterEach
    void stop() {
        log.detachAppender(outcomes);
        authority.stop(0);
        in.close();
        out.close();
    }

    @Test
    void nobodyIsAnsweredOtherwiseThanExplained() throws Exception {
        for (int i = 0; i < CONFIGURATIONS; i++) {
            String text = configuration(i);
            Settings settings = read(text);
            Daemon daemon = new Daemon(settings);
            daemon.start();
            try {
                for (int j = 0; j < QUESTIONS; j++) {
                    Question question = question();
                    String where = "seed " + SEED + ", " + question + " in\n" + text;
                    Map<String, Explanation.Fact> facts = new LinkedHashMap<>();
                    Explainer.explain(settings, question).facts().forEach(fact -> facts.put(fact.topic(), fact));
                    assertThat(onTheWire(question)).as(where).isEqualTo(explained(facts));
                    seen.add(facts.get("answer").what());
                }
            } finally {
                daemon.stop();
            }
        }
        assertThat(seen)
                .contains(
                        "OFFER",
                        "none: DENIED",
                        "none: SIMPLE_CLIENT",
                        "none: POOL_EXHAUSTED",
                        "none: NO_SUBNET",
                        "none: MALFORMED");
        assertThat(seen).anyMatch(what -> what.startsWith("content of ")).contains("ERROR");
    }

    /** What can be seen of an answer. @param file what the machine loads then */
    private record Seen(String outcome, String address, String bootFile, String file) {}

    private Seen explained(Map<String, Explanation.Fact> facts) throws IOException {
        Explanation.Fact answer = facts.get("answer");
        if (!answer.what().equals("OFFER")) {
            String detail = answer.why().isEmpty() ? "" : " (" + answer.why() + ")";
            return new Seen("no answer" + answer.what().substring("none".length()) + detail, "", "", "");
        }
        String bootFile = facts.get("boot file").what();
        return new Seen(
                "OFFER",
                facts.get("address").what(),
                bootFile.equals("none") ? "" : bootFile,
                facts.containsKey("file") ? content(facts.get("file").what()) : "");
    }

    private static String content(String origin) throws IOException {
        if (origin.equals("not looked for")) {
            return "";
        }
        return origin.startsWith("none: ") ? "ERROR" : Files.readString(Path.of(origin));
    }

    private Seen onTheWire(Question question) throws Exception {
        DhcpPacket discover = withXid(question.packet(), random.nextInt());
        send(discover);
        String outcome = outcomes.next("DISCOVER from " + question.hardware());
        if (!outcome.startsWith("OFFER")) {
            return new Seen(outcome, "", "", "");
        }
        DhcpPacket offer = reply(discover.xid(), 2);
        select(discover, offer);
        String bootFile = new String(offer.file().toArray(), StandardCharsets.US_ASCII).split("\0", 2)[0];
        Optional<String> name = question.file().or(() -> Optional.of(bootFile));
        boolean loads = name.filter(asked -> !asked.isEmpty() && !asked.startsWith("http://"))
                .isPresent();
        String file = loads ? load(name.get(), offer.yiaddr()) : "";
        seen.add(file);
        return new Seen("OFFER", offer.yiaddr().toString(), bootFile, file);
    }

    /** So that what the daemon knows of the machine is stored, as its explanation needs it. */
    private void select(DhcpPacket discover, DhcpPacket offer) throws IOException, InterruptedException {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        discover.options().forEach(options::put);
        options.put(53, Octets.of((byte) 3));
        options.put(50, Octets.of(offer.yiaddr().octets()));
        options.put(54, offer.options().get(54).orElseThrow());
        send(with(discover, discover.xid(), Options.of(options)));
        reply(discover.xid(), 5);
    }

    private static DhcpPacket withXid(DhcpPacket packet, int xid) {
        return with(packet, xid, packet.options());
    }

    private static DhcpPacket with(DhcpPacket packet, int xid, Options options) {
        return new DhcpPacket(
                packet.op(),
                packet.htype(),
                packet.hlen(),
                packet.hops(),
                xid,
                packet.secs(),
                packet.flags(),
                packet.ciaddr(),
                packet.yiaddr(),
                packet.siaddr(),
                packet.giaddr(),
                packet.chaddr(),
                packet.sname(),
                packet.file(),
                true,
                options);
    }

    private void send(DhcpPacket packet) throws IOException {
        byte[] datagram = packet.encode();
        out.send(new DatagramPacket(datagram, datagram.length, InetAddress.getByName("255.255.255.255"), dhcpPort));
    }

    private DhcpPacket reply(int xid, int type) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        while (true) {
            in.receive(datagram);
            try {
                DhcpPacket reply = DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength()));
                if (reply.xid() == xid && reply.options().octet(53).orElse(0) == type) {
                    return reply;
                }
            } catch (org.jbootd.udp.MalformedPacket e) {
                throw new AssertionError(e);
            }
        }
    }

    private String load(String name, Ipv4 client) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(client.toString(), 0))) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            byte[] request = new TftpPacket.ReadRequest(name, "octet", List.of()).encode();
            socket.send(new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), tftpPort));
            DatagramPacket data = new DatagramPacket(new byte[600], 600);
            socket.receive(data);
            // it is all of the file; a server that stops would wait for the rest of the transfer
            byte[] thanks = new TftpPacket.Ack(1).encode();
            socket.send(new DatagramPacket(thanks, thanks.length, data.getSocketAddress()));
            return data.getData()[1] == 5
                    ? "ERROR"
                    : new String(data.getData(), 4, data.getLength() - 4, StandardCharsets.UTF_8);
        }
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String sometimes(String text) {
        return random.nextBoolean() ? text + "\n" : "";
    }

    private Question question() {
        String mac = random.nextInt(20) == 0 ? "03-00-00-00-00-01" : "02-00-00-00-00-0" + random.nextInt(8);
        boolean firmware = random.nextInt(3) > 0;
        return new Question(
                HardwareAddress.parse(mac),
                firmware && random.nextBoolean() ? Optional.of(new UUID(1, random.nextInt(3))) : Optional.empty(),
                Optional.empty(),
                firmware ? Optional.of(new ClientArchitecture(one(List.of(0, 6, 7, 16)))) : Optional.empty(),
                firmware && random.nextInt(4) == 0 ? Optional.of("iPXE") : Optional.empty(),
                random.nextInt(20) == 0 ? Optional.of(Ipv4.parse("10.9.9.9")) : Optional.empty(),
                random.nextBoolean() ? Optional.of("lo") : Optional.empty(),
                random.nextInt(3) == 0
                        ? Optional.of(one(List.of("a", "menu", "pxelinux.cfg/01-02", "../a", "none", "p", "/b")))
                        : Optional.empty());
    }

    private Settings read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("jbootd.ini"), text);
        Findings findings = new Findings();
        Optional<Settings> settings =
                Settings.read(file, "jbootd.ini", Settings.Services.BOTH, HostNetworks.ofThisHost(), findings);
        assertThat(findings.mistakes()).as(text).isEmpty();
        return settings.orElseThrow();
    }

    private String configuration(int number) {
        List<String> lines = new ArrayList<>();
        String access = one(List.of("", "mac", "uuid", "mac, uuid", "http", "mac, http"));
        lines.add("[bootp]\npool_start = 127.0.0.100\npool_count = " + one(List.of(1, 3, 20)));
        lines.add("port = " + dhcpPort + "\nreply_port = " + in.getLocalPort());
        lines.add(sometimes("allow_simple_dhcp = on"));
        lines.add(sometimes("boot_file = a"));
        lines.add(access.isEmpty() ? "" : "access = " + access + "\n" + sometimes("shadow = mac"));
        lines.add("[mac]\n" + sometimes("02-00-00-00-00-01 = off") + sometimes("02-00-00-00-00-04/46 = on")
                + sometimes("02/8 = " + one(List.of("on", "off"))));
        lines.add("[uuid]\n" + sometimes(new UUID(1, 1) + " = on") + sometimes(new UUID(1, 2) + " = off"));
        lines.add("[http]\nlocation = 127.0.0.1:" + authority.getAddress().getPort() + "\npxe = boot\ndhcp = linux");
        lines.add("[static_dhcp]\n" + sometimes("02-00-00-00-00-02 = 127.0.0.202")
                + sometimes("02-00-00-00-00-05 = 127.0.0.101"));
        lines.add("[bootfile]\n" + sometimes("uefi-x64 = b") + sometimes("ipxe = menu")
                + sometimes("uefi-x64-http = http://192.0.2.1/x"));
        lines.add("[filters]\n" + sometimes("pxelinux.cfg/* = c") + sometimes("menu = {filename}")
                + sometimes("p = [pointer]") + sometimes("? = menu"));
        lines.add("[tftp]\nroot = files\naddress = 127.0.0.1\nport = " + tftpPort);
        lines.add("[leases]\ndata_dir = leases" + number + "\n");
        return String.join("\n", lines);
    }
}
