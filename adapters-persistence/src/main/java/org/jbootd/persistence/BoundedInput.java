package org.jbootd.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The beginning of what comes by a connection: no more than so many octets of it, and no longer than so long. */
final class BoundedInput extends InputStream {

    private final Socket socket;
    private final InputStream in;
    private final long endsAt;
    private int left;

    /** @param most octets */
    BoundedInput(Socket socket, int most, Duration time) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.left = most;
        this.endsAt = System.nanoTime() + time.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] octet = new byte[1];
        return read(octet, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(octet[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            throw new ProtocolException("it does not come to an end");
        }
        long time = TimeUnit.NANOSECONDS.toMillis(endsAt - System.nanoTime());
        if (time <= 0) {
            throw new InterruptedIOException("it took too long");
        }
        socket.setSoTimeout(Math.toIntExact(time));
        int octets = in.read(target, offset, Math.min(length, left));
        left -= Math.max(0, octets);
        return octets;
    }
}
