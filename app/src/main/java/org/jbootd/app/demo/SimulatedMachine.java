package org.jbootd.app.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/**
 * A machine that boots over the network as real ones were seen to: its firmware asks as EDK2's PXE does, with the
 * machine's UUID and no client identifier; the operating system asks later with a client identifier, a host name and no
 * word of PXE. It keeps nothing between two messages but what it is handed. For one thread.
 */
public final class SimulatedMachine {

    static final int DISCOVER = 1;
    static final int OFFER = 2;
    static final int REQUEST = 3;
    static final int ACK = 5;
    static final int NAK = 6;

    private static final int HOST_NAME = 12;
    private static final int REQUESTED_ADDRESS = 50;
    private static final int MESSAGE_TYPE = 53;
    private static final int SERVER_IDENTIFIER = 54;
    private static final int PARAMETER_LIST = 55;
    private static final int MAXIMUM_SIZE = 57;
    private static final int VENDOR_CLASS = 60;
    private static final int CLIENT_IDENTIFIER = 61;
    private static final int ARCHITECTURE = 93;
    private static final int NETWORK_INTERFACE = 94;
    private static final int MACHINE_IDENTIFIER = 97;

    /** Which of its programs asks: each shows another identity of the same machine. */
    public enum Program {
        FIRMWARE,
        OPERATING_SYSTEM
    }

    private final HardwareAddress hardware;
    private final UUID uuid;
    private final ClientArchitecture architecture;
    private final LoopbackWire wire;
    private final Random transactions;

    /**
     * @param hardware an Ethernet address
     * @param transactions for transaction numbers
     */
    public SimulatedMachine(
            HardwareAddress hardware,
            UUID uuid,
            ClientArchitecture architecture,
            LoopbackWire wire,
            Random transactions) {
        this.hardware = hardware;
        this.uuid = uuid;
        this.architecture = architecture;
        this.wire = wire;
        this.transactions = transactions;
    }

    public HardwareAddress hardware() {
        return hardware;
    }

    /** DHCPDISCOVER until an OFFER comes; empty when none does within {@code patience}. */
    public Optional<Reply> discover(Program program, Duration patience) throws IOException {
        return exchange(transactions.nextInt(), message(program, DISCOVER), OFFER, patience);
    }

    /** DHCPREQUEST for what {@code offer} offers, in its transaction (RFC 2131 table 5), until an ACK or a NAK comes. */
    public Optional<Reply> select(Program program, Reply offer, Duration patience) throws IOException {
        Map<Integer, Octets> options = message(program, REQUEST);
        options.put(REQUESTED_ADDRESS, octets(offer.address()));
        offer.server().ifPresent(server -> options.put(SERVER_IDENTIFIER, octets(server)));
        return exchange(offer.packet().xid(), options, ACK, patience);
    }

    /** DHCPREQUEST in state INIT-REBOOT: is {@code address}, which I had before, still mine? Until an ACK or a NAK comes. */
    public Optional<Reply> reboot(Program program, Ipv4 address, Duration patience) throws IOException {
        Map<Integer, Octets> options = message(program, REQUEST);
        options.put(REQUESTED_ADDRESS, octets(address));
        return exchange(transactions.nextInt(), options, ACK, patience);
    }

    private Optional<Reply> exchange(int xid, Map<Integer, Octets> options, int wanted, Duration patience)
            throws IOException {
        return wire.exchange(
                packet(xid, options),
                reply -> {
                    int type = reply.options().octet(MESSAGE_TYPE).orElse(0);
                    return type == wanted || wanted == ACK && type == NAK;
                },
                patience);
    }

    private DhcpPacket packet(int xid, Map<Integer, Octets> options) {
        boolean firmware = options.containsKey(MACHINE_IDENTIFIER);
        byte[] chaddr = ByteBuffer.allocate(16).put(hardware.octets().toArray()).array();
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                hardware.type(),
                hardware.octets().length(),
                0,
                xid,
                0,
                firmware ? DhcpPacket.BROADCAST_FLAG : 0,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Octets.of(chaddr),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }

    private Map<Integer, Octets> message(Program program, int type) {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(MESSAGE_TYPE, Octets.of((byte) type));
        options.put(MAXIMUM_SIZE, word(1472));
        if (program == Program.FIRMWARE) {
            addFirmware(options);
        } else {
            addOperatingSystem(options);
        }
        return options;
    }

    /** RFC 4578 §2 and §3, in EDK2's order. */
    private void addFirmware(Map<Integer, Octets> options) {
        options.put(
                PARAMETER_LIST,
                Octets.parseHex("0102030405060c0d0f111216171c28292a2b3233363a3b3c4243618081828384858687"));
        options.put(MACHINE_IDENTIFIER, machineIdentifier(uuid));
        options.put(NETWORK_INTERFACE, Octets.parseHex("010300"));
        options.put(ARCHITECTURE, word(architecture.code()));
        options.put(VENDOR_CLASS, ascii("PXEClient:Arch:%05d:UNDI:003000".formatted(architecture.code())));
    }

    private void addOperatingSystem(Map<Integer, Octets> options) {
        byte[] identifier = ByteBuffer.allocate(1 + hardware.octets().length())
                .put((byte) hardware.type())
                .put(hardware.octets().toArray())
                .array();
        options.put(CLIENT_IDENTIFIER, Octets.of(identifier));
        options.put(HOST_NAME, ascii("machine-" + hardware.octets().slice(4, 6)));
        options.put(PARAMETER_LIST, Octets.parseHex("0103060c0f1c2a"));
    }

    /** Type 0, then the UUID with its first three groups least significant octet first, as firmware stores it. */
    public static Octets machineIdentifier(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        ByteBuffer identifier = ByteBuffer.allocate(17).put((byte) 0);
        identifier.putInt(Integer.reverseBytes((int) (high >>> 32)));
        identifier.putShort(Short.reverseBytes((short) (high >>> 16)));
        identifier.putShort(Short.reverseBytes((short) high));
        identifier.putLong(uuid.getLeastSignificantBits());
        return Octets.of(identifier.array());
    }

    private static Octets octets(Ipv4 address) {
        return Octets.of(address.octets());
    }

    private static Octets word(int value) {
        return Octets.of((byte) (value >> 8), (byte) value);
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
