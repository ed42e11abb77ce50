package org.jbootd.udp.dhcp;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.MalformedPacket;

/** Reads and writes option fields: code, length, value, with values longer than 255 octets in pieces (RFC 3396). */
final class OptionFields {

    /** Pieces of options in one message. Real clients send up to 20. */
    static final int MAX_PIECES = 128;

    private static final int MAX_PIECE = 255;

    private final Map<Integer, Octets> values = new LinkedHashMap<>();

    /** What came in several pieces. It is joined once: joining anew for each piece would take the square of their number. */
    private final Map<Integer, ByteArrayOutputStream> pieced = new HashMap<>();

    private int pieces;

    /**
     * Reads one field up to its END, or up to its last octet where there is none.
     *
     * @return whether there was an END
     * @throws MalformedPacket when an option runs past {@code to}, or there are more than {@value #MAX_PIECES}
     */
    boolean read(byte[] field, int from, int to) throws MalformedPacket {
        int at = from;
        while (at < to) {
            int code = field[at++] & 0xff;
            if (code == OptionCode.END) {
                return true;
            }
            if (code != OptionCode.PAD) {
                int end = endOfValue(field, at, to, code);
                add(code, Octets.of(Arrays.copyOfRange(field, at + 1, end)));
                at = end;
            }
        }
        return false;
    }

    private static int endOfValue(byte[] field, int at, int to, int code) throws MalformedPacket {
        int end = at < to ? at + 1 + (field[at] & 0xff) : Integer.MAX_VALUE;
        if (end > to) {
            throw new MalformedPacket("option " + code + " runs past the end of its field");
        }
        return end;
    }

    private void add(int code, Octets piece) throws MalformedPacket {
        if (++pieces > MAX_PIECES) {
            throw new MalformedPacket("more than " + MAX_PIECES + " options");
        }
        Octets head = values.putIfAbsent(code, piece);
        if (head != null) {
            pieced.computeIfAbsent(code, first -> collecting(head)).writeBytes(piece.toArray());
        }
    }

    private static ByteArrayOutputStream collecting(Octets head) {
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        pieces.writeBytes(head.toArray());
        return pieces;
    }

    private void join() {
        pieced.forEach((code, pieces) -> values.put(code, Octets.of(pieces.toByteArray())));
    }

    /** Which fields carry options beside the options field: bit 0 is file, bit 1 is sname (RFC 2132 §9.3). */
    int overload() {
        join();
        Octets value = values.get(OptionCode.OVERLOAD);
        return value == null || value.length() != 1 || value.at(0) > 3 ? 0 : value.at(0);
    }

    Options options() {
        join();
        return values.isEmpty() ? Options.NONE : Options.of(values);
    }

    static void write(Options options, ByteArrayOutputStream out) {
        options.forEach((code, value) -> write(code, value, out));
        out.write(OptionCode.END);
    }

    /** A field by itself: options in their order, then END. */
    static Octets encoded(Options options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(DhcpPacket.FILE_SIZE);
        write(options, out);
        return Octets.of(out.toByteArray());
    }

    private static void write(int code, Octets value, ByteArrayOutputStream out) {
        byte[] octets = value.toArray();
        int from = 0;
        do {
            int length = Math.min(MAX_PIECE, octets.length - from);
            out.write(code);
            out.write(length);
            out.write(octets, from, length);
            from += length;
        } while (from < octets.length);
    }

    /** How many octets {@link #write} makes of a value of {@code length} octets. */
    static int sizeOf(int length) {
        return length + 2 * Math.max(1, (length + MAX_PIECE - 1) / MAX_PIECE);
    }
}
