package org.jbootd.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/** How a machine's UEFI firmware puts what it says: the options it always sends, and broadcasts wanted back. */
record Firmware(HardwareAddress hardware) {

    static final int REQUESTED_ADDRESS = 50;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_IDENTIFIER = 54;
    static final int DISCOVER = 1;
    static final int OFFER = 2;
    static final int REQUEST = 3;
    static final int DECLINE = 4;
    static final int ACK = 5;
    static final int RELEASE = 7;

    private static final Octets VENDOR_CLASS =
            Octets.of("PXEClient:Arch:00007:UNDI:003000".getBytes(StandardCharsets.US_ASCII));
    private static final Octets WANTED = Octets.parseHex("0103060c0f36");

    /**
     * One of many machines.
     *
     * @param vendor the first three octets of its MAC address, {@code 02-00-01}
     * @param number the last three
     */
    static Firmware of(String vendor, int number) {
        byte[] octets = ByteBuffer.allocate(6)
                .put(HexFormat.ofDelimiter("-").parseHex(vendor))
                .put(new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number})
                .array();
        return new Firmware(HardwareAddress.ethernet(Octets.of(octets)));
    }

    DhcpPacket discover(int xid) {
        return message(xid, DISCOVER, Ipv4.UNSPECIFIED, Map.of());
    }

    /** @param further options beside those that it always sends */
    DhcpPacket message(int xid, int type, Ipv4 ciaddr, Map<Integer, Octets> further) {
        Map<Integer, Octets> options = new TreeMap<>(further);
        options.put(MESSAGE_TYPE, Octets.of((byte) type));
        options.put(55, WANTED);
        options.put(60, VENDOR_CLASS);
        options.put(93, Octets.parseHex("0007"));
        options.put(94, Octets.parseHex("010300"));
        options.put(97, machineIdentifier());
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                hardware.type(),
                hardware.octets().length(),
                0,
                xid,
                0,
                DhcpPacket.BROADCAST_FLAG,
                ciaddr,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Octets.of(
                        ByteBuffer.allocate(16).put(hardware.octets().toArray()).array()),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options));
    }

    private Octets machineIdentifier() {
        ByteArrayOutputStream identifier = new ByteArrayOutputStream();
        identifier.write(0);
        identifier.writeBytes(new byte[10]);
        identifier.writeBytes(hardware.octets().toArray());
        return Octets.of(identifier.toByteArray());
    }
}
