package org.jbootd.udp.tftp;

import java.time.Duration;
import org.jbootd.domain.net.Ipv4;

/**
 * How the TFTP server is to work.
 *
 * @param address where to listen; {@link Ipv4#UNSPECIFIED} for every address of this host
 * @param port UDP port, 0 for any that is free, usually 69
 * @param largestBlock upper bound of a negotiated block size, in octets, 8 to 65464
 * @param timeout wait before the first repetition, when the client asks for none
 */
public record TftpSettings(Ipv4 address, int port, int largestBlock, Duration timeout, TftpLimits limits) {

    public static final int LARGEST_BLOCK = 65464;

    public TftpSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a UDP port is 0 to 65535, not " + port);
        }
        if (largestBlock < 8 || largestBlock > LARGEST_BLOCK) {
            throw new IllegalArgumentException("a block has 8 to 65464 octets, not " + largestBlock);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is longer than " + timeout);
        }
    }

    /** No bound on blocks but the protocol's, two seconds, {@link TftpLimits#USUAL}. */
    public static TftpSettings of(Ipv4 address, int port) {
        return new TftpSettings(address, port, LARGEST_BLOCK, Duration.ofSeconds(2), TftpLimits.USUAL);
    }
}
