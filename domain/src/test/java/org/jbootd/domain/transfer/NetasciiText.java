package org.jbootd.domain.transfer;

import java.io.ByteArrayOutputStream;

/** A client's side of netascii. */
public final class NetasciiText {

    private NetasciiText() {}

    /** CR LF becomes a line feed, CR NUL a carriage return; a CR followed by anything else is an error. */
    public static byte[] decode(byte[] received) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < received.length; i++) {
            if (received[i] == '\r') {
                i++;
                if (i == received.length || received[i] != '\n' && received[i] != 0) {
                    throw new AssertionError("a CR alone at octet " + (i - 1));
                }
                text.write(received[i] == '\n' ? '\n' : '\r');
            } else {
                text.write(received[i]);
            }
        }
        return text.toByteArray();
    }
}
