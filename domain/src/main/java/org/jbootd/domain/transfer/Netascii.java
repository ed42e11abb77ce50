package org.jbootd.domain.transfer;

import java.nio.ByteBuffer;

/**
 * Text as it travels in mode netascii (RFC 764 by way of RFC 1350 §1): a line feed becomes CR LF, a carriage return
 * CR NUL. Works piece by piece: a piece of output may end between the two octets that one octet becomes.
 */
public final class Netascii {

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte NUL = 0;

    private Netascii() {}

    /**
     * Converts until {@code source} is used up or {@code into} is full. A source octet of which only the first half
     * fitted is not consumed.
     *
     * @param halfSent whether the CR of the octet at the source's position went out already
     * @return the same of the source's new position: to be handed in with the next piece
     */
    public static boolean encode(ByteBuffer source, boolean halfSent, ByteBuffer into) {
        boolean half = halfSent;
        while (source.hasRemaining() && into.hasRemaining()) {
            byte octet = source.get(source.position());
            if (octet == CR || octet == LF) {
                into.put(half ? secondOf(octet) : CR);
                half = !half;
            } else {
                into.put(octet);
            }
            if (!half) {
                source.position(source.position() + 1);
            }
        }
        return half;
    }

    private static byte secondOf(byte octet) {
        return octet == LF ? LF : NUL;
    }
}
