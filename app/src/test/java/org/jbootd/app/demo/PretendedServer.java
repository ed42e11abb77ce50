package org.jbootd.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;
import org.jbootd.udp.tftp.TftpPacket;

/**
 * A server that does what the demo expects, except where a test makes it go wrong. DHCP and TFTP have a thread each;
 * what a test changes, it changes before they start.
 */
final class PretendedServer implements AutoCloseable {

    private static final Ipv4 SELF = Ipv4.parse("127.0.0.1");

    private final DatagramSocket dhcp;
    private final DatagramSocket tftp;
    private final Path file;
    private final Map<HardwareAddress, Ipv4> leases = new HashMap<>();

    /** How often a DHCP message was answered so far. */
    private int answered;

    UnaryOperator<DhcpPacket> lie = reply -> reply;
    int silentAfter = Integer.MAX_VALUE;
    int forgetsAfter = Integer.MAX_VALUE;
    List<String> knownOptions = List.of("tsize", "blksize", "windowsize");
    UnaryOperator<byte[]> damage = content -> content;

    /** Every n-th DATA is lost. */
    int losesEvery = Integer.MAX_VALUE;

    PretendedServer(DemoSite site) throws IOException {
        this.dhcp = new DatagramSocket(site.dhcpPort());
        this.tftp = new DatagramSocket(new InetSocketAddress("127.0.0.1", site.tftpPort()));
        this.file = site.bootFile();
    }

    void start(int replyPort) {
        run("dhcp", () -> {
            while (true) {
                answerDhcp(receive(dhcp), replyPort);
            }
        });
        run("tftp", () -> {
            while (true) {
                DatagramPacket request = receive(tftp);
                if (decode(request) instanceof TftpPacket.ReadRequest read) {
                    new Sending(read, request.getSocketAddress()).run();
                }
            }
        });
    }

    private interface Work {
        void run() throws IOException, MalformedPacket;
    }

    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException closed) {
                        // the end
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (MalformedPacket e) {
                        throw new AssertionError(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket datagram = new DatagramPacket(new byte[2000], 2000);
        socket.receive(datagram);
        return datagram;
    }

    private void answerDhcp(DatagramPacket datagram, int replyPort) throws IOException, MalformedPacket {
        DhcpPacket request = DhcpPacket.decode(Arrays.copyOf(datagram.getData(), datagram.getLength()));
        if (answered >= silentAfter) {
            return;
        }
        if (answered == forgetsAfter) {
            leases.clear();
            leases.put(HardwareAddress.parse("02-00-00-00-00-01"), DemoSite.POOL_START);
        }
        answered++;
        Ipv4 address =
                leases.computeIfAbsent(request.hardwareAddress(), hardware -> DemoSite.POOL_START.plus(leases.size()));
        byte[] reply = lie.apply(reply(request, address)).encode();
        dhcp.send(new DatagramPacket(reply, reply.length, InetAddress.getByAddress(address.octets()), replyPort));
    }

    private static DhcpPacket reply(DhcpPacket request, Ipv4 address) {
        boolean discover = request.options().octet(53).orElseThrow() == SimulatedMachine.DISCOVER;
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(53, Octets.of((byte) (discover ? SimulatedMachine.OFFER : SimulatedMachine.ACK)));
        options.put(54, Octets.of(SELF.octets()));
        options.put(67, Octets.of(DemoSite.BOOT_FILE.getBytes()));
        return reply(request, address, options);
    }

    static DhcpPacket reply(DhcpPacket request, Ipv4 address, Map<Integer, Octets> options) {
        return new DhcpPacket(
                DhcpPacket.BOOTREPLY,
                request.htype(),
                request.hlen(),
                0,
                request.xid(),
                0,
                request.flags(),
                Ipv4.UNSPECIFIED,
                address,
                SELF,
                Ipv4.UNSPECIFIED,
                request.chaddr(),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }

    private static TftpPacket decode(DatagramPacket datagram) throws MalformedPacket {
        return TftpPacket.decode(ByteBuffer.wrap(datagram.getData(), 0, datagram.getLength()));
    }

    /** One transfer; its client acknowledges windows. */
    private final class Sending {

        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getByAddress(SELF.octets()));
        private final SocketAddress client;
        private final Map<String, Integer> granted = new LinkedHashMap<>();
        private final byte[] content;
        private int sent;

        Sending(TftpPacket.ReadRequest request, SocketAddress client) throws IOException {
            this.client = client;
            byte[] original = Files.readAllBytes(file);
            this.content = damage.apply(original);
            for (TransferOption option : request.options()) {
                if (knownOptions.contains(option.name())) {
                    granted.put(
                            option.name(),
                            option.name().equals("tsize") ? content.length : Integer.parseInt(option.value()));
                }
            }
        }

        void run() throws IOException, MalformedPacket {
            try (socket) {
                if (granted.isEmpty()) {
                    sendWindow(0);
                } else {
                    send(new TftpPacket.OptionAck(granted.entrySet().stream()
                            .map(option -> new TransferOption(
                                    option.getKey(), option.getValue().toString()))
                            .toList()));
                }
                while (decode(receive(socket)) instanceof TftpPacket.Ack ack) {
                    if (ack.block() > lastBlock() - 1) {
                        return;
                    }
                    sendWindow(ack.block());
                }
            }
        }

        private int blockSize() {
            return granted.getOrDefault("blksize", 512);
        }

        private int lastBlock() {
            return content.length / blockSize() + 1;
        }

        private void sendWindow(int acknowledged) throws IOException {
            int last = Math.min(lastBlock(), acknowledged + granted.getOrDefault("windowsize", 1));
            for (int block = acknowledged + 1; block <= last; block++) {
                int from = (block - 1) * blockSize();
                byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + blockSize()));
                if (++sent % losesEvery != 0) {
                    send(new TftpPacket.Data(block, Octets.of(part)));
                }
            }
        }

        private void send(TftpPacket packet) throws IOException {
            byte[] octets = packet.encode();
            socket.send(new DatagramPacket(octets, octets.length, client));
        }
    }

    @Override
    public void close() {
        dhcp.close();
        tftp.close();
    }
}
