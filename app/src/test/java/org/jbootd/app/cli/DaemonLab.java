package org.jbootd.app.cli;

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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jbootd.app.FreePorts;
import org.jbootd.app.demo.LoopbackWire;
import org.jbootd.app.demo.Reply;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.app.demo.StepFailed;
import org.jbootd.app.demo.TftpDownload;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;
import org.jbootd.udp.tftp.TftpPacket;

/** A directory with a configuration, free ports, and a loopback wire with simulated machines on it. */
final class DaemonLab implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Long enough for a request and a copy of it. */
    static final Duration SHORT = Duration.ofMillis(600);

    private final Path directory;
    private final LoopbackWire wire;
    private final int dhcpPort;
    private final int tftpPort;

    DaemonLab(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectory(directory.resolve("files"));
        dhcpPort = FreePorts.free();
        tftpPort = FreePorts.free();
        wire = new LoopbackWire(dhcpPort);
    }

    Path configuration() {
        return directory.resolve("jbootd.ini");
    }

    Path file(String name) {
        return directory.resolve("files").resolve(name);
    }

    /** @param bootp lines from line 2 of the file on @param sections behind all others */
    void write(String bootp, String sections) throws IOException {
        Files.writeString(configuration(), """
                [bootp]
                %s
                boot_file = a
                port = %d
                reply_port = %d
                [tftp]
                address = 127.0.0.1
                port = %d
                root = files
                [leases]
                data_dir = leases
                %s
                """.formatted(bootp, dhcpPort, wire.replyPort(), tftpPort, sections));
    }

    /** Writes an example, changed in nothing but what makes it run here: networks, ports, and the data directory. */
    void writeExample(String example) throws IOException {
        String text = example.replaceAll("192\\.168\\.\\d+\\.", "127.0.0.")
                .replaceFirst("(?m)^\\[bootpd?]$", "$0\nport = " + dhcpPort + "\nreply_port = " + wire.replyPort())
                .replaceFirst("(?m)^\\[tftpd?]$", "$0\naddress = 127.0.0.1\nport = " + tftpPort);
        String leases = "[leases]\ndata_dir = leases\n";
        String furnished = text.contains("[leases]\n") ? text.replace("[leases]\n", leases) : text + "\n" + leases;
        Files.writeString(configuration(), text.contains("data_dir =") ? text : furnished);
    }

    /** Writes the configuration, starts the daemon, and waits until it is ready. */
    Child daemon(String bootp, String sections) throws IOException, InterruptedException {
        write(bootp, sections);
        return daemon();
    }

    /** Starts the daemon on what was written, and waits until it is ready. */
    Child daemon() throws IOException, InterruptedException {
        Child child = Child.start(directory, "-c", configuration().toString());
        child.await("ready, ");
        return child;
    }

    /** Carries out a command on what was written, in a process of its own. @return all that it says, its log, too */
    List<String> run(String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("-c", configuration().toString()));
        try (Child child = Child.start(directory, arguments.toArray(String[]::new))) {
            return child.output();
        }
    }

    SimulatedMachine machine(int number) {
        return machine(number, new UUID(number, number));
    }

    SimulatedMachine machine(int number, UUID uuid) {
        return machine(String.format("02-00-00-00-00-%02X", number), uuid, 7);
    }

    /** @param architecture its IANA number */
    SimulatedMachine machine(String mac, UUID uuid, int architecture) {
        return new SimulatedMachine(
                HardwareAddress.parse(mac),
                uuid,
                new ClientArchitecture(architecture),
                wire,
                new Random(mac.hashCode()));
    }

    static Reply boot(SimulatedMachine machine, SimulatedMachine.Program program) throws IOException {
        Reply offer = machine.discover(program, PATIENCE).orElseThrow();
        return machine.select(program, offer, PATIENCE).orElseThrow();
    }

    /** Hears the broadcasts to machines, too; and what is sent to one of them alone, this one hears instead. */
    DatagramSocket ear() throws IOException {
        DatagramSocket ear = new DatagramSocket(null);
        ear.setReuseAddress(true);
        ear.setSoTimeout((int) PATIENCE.toMillis());
        ear.bind(new InetSocketAddress(wire.replyPort()));
        return ear;
    }

    /** DHCPRELEASE of what {@code ack} gave. */
    void release(Reply ack) throws IOException {
        DhcpPacket given = ack.packet();
        byte[] server = InetAddress.getLoopbackAddress().getAddress();
        DhcpPacket release = new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                given.htype(),
                given.hlen(),
                0,
                given.xid() + 1,
                0,
                0,
                ack.address(),
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                given.chaddr(),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(Map.of(53, Octets.of((byte) 7), 54, Octets.of(server))));
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            byte[] datagram = release.encode();
            socket.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), dhcpPort));
        }
    }

    /** What a client is sent first of a file: all of it, if it fits into one block, or why it gets nothing. */
    String firstBlock(String name, Ipv4 client) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(client.toString(), 0))) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            byte[] request = new TftpPacket.ReadRequest(name, "octet", List.of()).encode();
            socket.send(new DatagramPacket(request, request.length, InetAddress.getByName("127.0.0.1"), tftpPort));
            DatagramPacket data = new DatagramPacket(new byte[600], 600);
            socket.receive(data);
            return new String(Arrays.copyOfRange(data.getData(), 4, data.getLength()), StandardCharsets.UTF_8);
        }
    }

    /** Fetches a file by TFTP. @return whether there is one */
    boolean fetch(String name, Ipv4 client) throws IOException {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", tftpPort);
        try (TftpDownload download = new TftpDownload(client, server)) {
            download.read(name, 512, 1, PATIENCE);
            return true;
        } catch (StepFailed refused) {
            return false;
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
