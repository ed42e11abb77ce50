package org.jbootd.udp.tftp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jbootd.domain.net.Octets;
import org.jbootd.domain.transfer.TransferOption;
import org.jbootd.udp.MalformedPacket;

/** The packets of RFC 1350 §5 and RFC 2347 §2. */
public sealed interface TftpPacket {

    int READ = 1;
    int WRITE = 2;
    int DATA = 3;
    int ACK = 4;
    int ERROR = 5;
    int OPTIONS = 6;

    /** Octets in front of a DATA's content, and of an ERROR's text. */
    int HEADER_OCTETS = 4;

    /** @param mode as the client wrote it */
    record ReadRequest(String filename, String mode, List<TransferOption> options) implements TftpPacket {
        public ReadRequest {
            options = List.copyOf(options);
        }
    }

    /** @param mode as the client wrote it */
    record WriteRequest(String filename, String mode, List<TransferOption> options) implements TftpPacket {
        public WriteRequest {
            options = List.copyOf(options);
        }
    }

    /** @param block 0 to 65535 */
    record Data(int block, Octets content) implements TftpPacket {}

    /** @param block 0 to 65535 */
    record Ack(int block) implements TftpPacket {}

    /** @param code 0 to 65535 */
    record Failure(int code, String text) implements TftpPacket {}

    /** OACK. */
    record OptionAck(List<TransferOption> options) implements TftpPacket {
        public OptionAck {
            options = List.copyOf(options);
        }
    }

    /** A packet with an opcode that nobody defined, 0 to 65535. */
    record Unknown(int opcode) implements TftpPacket {}

    /**
     * Reads any datagram. Names are UTF-8. What follows the last whole option is ignored, and so are octets after an ACK:
     * clients pad.
     *
     * @throws MalformedPacket when it is too short, or a request lacks its name or mode
     */
    static TftpPacket decode(ByteBuffer datagram) throws MalformedPacket {
        int opcode = number(datagram);
        return switch (opcode) {
            case READ -> new ReadRequest(word(datagram), word(datagram), options(datagram));
            case WRITE -> new WriteRequest(word(datagram), word(datagram), options(datagram));
            case DATA -> new Data(number(datagram), rest(datagram));
            case ACK -> new Ack(number(datagram));
            case ERROR -> new Failure(number(datagram), lenientText(datagram));
            case OPTIONS -> new OptionAck(options(datagram));
            default -> new Unknown(opcode);
        };
    }

    private static int number(ByteBuffer datagram) throws MalformedPacket {
        if (datagram.remaining() < 2) {
            throw new MalformedPacket("ends within a number");
        }
        return datagram.getShort() & 0xffff;
    }

    private static String word(ByteBuffer datagram) throws MalformedPacket {
        int end = datagram.position();
        while (end < datagram.limit() && datagram.get(end) != 0) {
            end++;
        }
        if (end == datagram.limit()) {
            throw new MalformedPacket("a word is not ended by NUL");
        }
        ByteBuffer octets = datagram.slice(datagram.position(), end - datagram.position());
        datagram.position(end + 1);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedPacket("a word is not UTF-8");
        }
    }

    private static List<TransferOption> options(ByteBuffer datagram) {
        List<TransferOption> options = new ArrayList<>();
        try {
            while (datagram.hasRemaining()) {
                options.add(new TransferOption(word(datagram), word(datagram)));
            }
        } catch (MalformedPacket e) {
            return options; // padding, or an option cut off: the whole ones before it count
        }
        return options;
    }

    private static Octets rest(ByteBuffer datagram) {
        byte[] octets = new byte[datagram.remaining()];
        datagram.get(octets);
        return Octets.of(octets);
    }

    /** Up to a NUL or the end, anything but printable ASCII replaced. */
    private static String lenientText(ByteBuffer datagram) {
        StringBuilder text = new StringBuilder();
        while (datagram.hasRemaining()) {
            byte octet = datagram.get();
            if (octet == 0) {
                break;
            }
            text.append(octet >= ' ' && octet <= '~' ? (char) octet : '?');
        }
        return text.toString();
    }

    /** The datagram of this packet. */
    default byte[] encode() {
        Writer writer = new Writer();
        if (this instanceof ReadRequest request) {
            return writer.number(READ)
                    .word(request.filename)
                    .word(request.mode)
                    .options(request.options)
                    .octets();
        }
        if (this instanceof WriteRequest request) {
            return writer.number(WRITE)
                    .word(request.filename)
                    .word(request.mode)
                    .options(request.options)
                    .octets();
        }
        if (this instanceof Data data) {
            return writer.number(DATA)
                    .number(data.block)
                    .raw(data.content.toArray())
                    .octets();
        }
        if (this instanceof Ack ack) {
            return writer.number(ACK).number(ack.block).octets();
        }
        if (this instanceof Failure failure) {
            return writer.number(ERROR).number(failure.code).word(failure.text).octets();
        }
        if (this instanceof OptionAck ack) {
            return writer.number(OPTIONS).options(ack.options).octets();
        }
        if (this instanceof Unknown unknown) {
            return writer.number(unknown.opcode).octets();
        }
        throw new AssertionError(this);
    }

    /** Appends fields. */
    final class Writer {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

        private Writer() {}

        private Writer number(int value) {
            out.write(value >> 8);
            out.write(value);
            return this;
        }

        private Writer word(String word) {
            return raw(word.getBytes(StandardCharsets.UTF_8)).raw(new byte[1]);
        }

        private Writer options(List<TransferOption> options) {
            options.forEach(option -> word(option.name()).word(option.value()));
            return this;
        }

        private Writer raw(byte[] octets) {
            out.writeBytes(octets);
            return this;
        }

        private byte[] octets() {
            return out.toByteArray();
        }
    }
}
