package org.jbootd.udp.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;

/**
 * A BOOTP or DHCP message, field by field (RFC 951 §3, RFC 2131 §2).
 *
 * @param xid transaction number, all 32 bits
 * @param secs 0 to 65535
 * @param flags 0 to 65535; only {@link #BROADCAST_FLAG} means something
 * @param chaddr all 16 octets, of which {@code hlen} count
 * @param sname without trailing zeros, at most 64 octets
 * @param file without trailing zeros, at most 128 octets
 * @param cookie whether the options field starts with the magic cookie; without it there are no options
 */
public record DhcpPacket(
        int op,
        int htype,
        int hlen,
        int hops,
        int xid,
        int secs,
        int flags,
        Ipv4 ciaddr,
        Ipv4 yiaddr,
        Ipv4 siaddr,
        Ipv4 giaddr,
        Octets chaddr,
        Octets sname,
        Octets file,
        boolean cookie,
        Options options) {

    public static final int BOOTREQUEST = 1;
    public static final int BOOTREPLY = 2;
    public static final int BROADCAST_FLAG = 0x8000;

    /** Octets of the fixed fields. A message may end there (klibc's BOOTP client sends no vendor field at all). */
    public static final int HEADER_SIZE = 236;

    /** The smallest message that old clients and relays let through (RFC 951 §3, RFC 1542 §2.1). */
    public static final int MINIMUM_SIZE = 300;

    static final int CHADDR_SIZE = 16;
    static final int SNAME_SIZE = 64;
    static final int FILE_SIZE = 128;

    private static final int SNAME_AT = 44;
    private static final int FILE_AT = SNAME_AT + SNAME_SIZE;
    private static final int COOKIE = 0x63825363;
    private static final int OPTIONS_AT = HEADER_SIZE + Integer.BYTES;

    public DhcpPacket {
        if (hlen < 0 || hlen > CHADDR_SIZE) {
            throw new IllegalArgumentException("a hardware address has at most 16 octets, not " + hlen);
        }
        if (chaddr.length() != CHADDR_SIZE || sname.length() > SNAME_SIZE || file.length() > FILE_SIZE) {
            throw new IllegalArgumentException("chaddr has 16 octets, sname at most 64, file at most 128");
        }
        if (!cookie && !options.isEmpty()) {
            throw new IllegalArgumentException("there are no options without the cookie");
        }
    }

    /**
     * Reads a datagram.
     *
     * @throws MalformedPacket when it ends within the fixed fields, its hardware address is longer than its field, an
     *     option runs past the end of its field, or the options of a message under {@value #MINIMUM_SIZE} octets have no
     *     END
     */
    public static DhcpPacket decode(byte[] datagram) throws MalformedPacket {
        if (datagram.length < HEADER_SIZE) {
            throw new MalformedPacket(datagram.length + " octets are too few for a BOOTP message");
        }
        ByteBuffer in = ByteBuffer.wrap(datagram);
        int op = in.get() & 0xff;
        int htype = in.get() & 0xff;
        int hlen = in.get() & 0xff;
        if (hlen > CHADDR_SIZE) {
            throw new MalformedPacket("a hardware address of " + hlen + " octets");
        }
        OptionFields fields = new OptionFields();
        boolean cookie = datagram.length >= OPTIONS_AT && in.getInt(HEADER_SIZE) == COOKIE;
        if (cookie) {
            readOptions(datagram, fields);
        }
        return new DhcpPacket(
                op,
                htype,
                hlen,
                in.get() & 0xff,
                in.getInt(),
                in.getShort() & 0xffff,
                in.getShort() & 0xffff,
                new Ipv4(in.getInt()),
                new Ipv4(in.getInt()),
                new Ipv4(in.getInt()),
                new Ipv4(in.getInt()),
                octets(in, CHADDR_SIZE),
                withoutTrailingZeros(octets(in, SNAME_SIZE)),
                withoutTrailingZeros(octets(in, FILE_SIZE)),
                cookie,
                fields.options());
    }

    /** The options field, then file, then sname where option 52 says so (RFC 2131 §4.1). */
    private static void readOptions(byte[] datagram, OptionFields fields) throws MalformedPacket {
        boolean ended = fields.read(datagram, OPTIONS_AT, datagram.length);
        // RFC 2131 §4.1 wants END. A client that forgets it fills the field with PAD at least; what is shorter was cut.
        if (!ended && datagram.length < MINIMUM_SIZE && !fields.options().isEmpty()) {
            throw new MalformedPacket("its options are cut off, there is no END");
        }
        int overload = fields.overload();
        if ((overload & 1) != 0) {
            fields.read(datagram, FILE_AT, FILE_AT + FILE_SIZE);
        }
        if ((overload & 2) != 0) {
            fields.read(datagram, SNAME_AT, SNAME_AT + SNAME_SIZE);
        }
    }

    private static Octets octets(ByteBuffer in, int length) {
        byte[] octets = new byte[length];
        in.get(octets);
        return Octets.of(octets);
    }

    private static Octets withoutTrailingZeros(Octets octets) {
        int end = octets.length();
        while (end > 0 && octets.at(end - 1) == 0) {
            end--;
        }
        return end == octets.length() ? octets : octets.slice(0, end);
    }

    /** Writes the message: options in their order, END, then zeros up to {@value #MINIMUM_SIZE} octets. */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(MINIMUM_SIZE * 2);
        out.writeBytes(header());
        if (cookie) {
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(COOKIE).array());
            OptionFields.write(options, out);
        }
        byte[] message = out.toByteArray();
        return message.length < MINIMUM_SIZE ? Arrays.copyOf(message, MINIMUM_SIZE) : message;
    }

    private byte[] header() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_SIZE);
        out.put((byte) op).put((byte) htype).put((byte) hlen).put((byte) hops).putInt(xid);
        out.putShort((short) secs).putShort((short) flags);
        out.putInt(ciaddr.bits()).putInt(yiaddr.bits()).putInt(siaddr.bits()).putInt(giaddr.bits());
        out.put(chaddr.toArray());
        out.put(SNAME_AT, sname.toArray());
        out.put(FILE_AT, file.toArray());
        return out.array();
    }

    public HardwareAddress hardwareAddress() {
        return new HardwareAddress(htype, chaddr.slice(0, hlen));
    }

    DhcpPacket withBroadcastFlag() {
        return new DhcpPacket(
                op,
                htype,
                hlen,
                hops,
                xid,
                secs,
                flags | BROADCAST_FLAG,
                ciaddr,
                yiaddr,
                siaddr,
                giaddr,
                chaddr,
                sname,
                file,
                cookie,
                options);
    }

    public boolean wantsBroadcast() {
        return (flags & BROADCAST_FLAG) != 0;
    }
}
