package org.jbootd.udp.tftp;

/**
 * What the TFTP server may use at most.
 *
 * @param transfers transfers in progress; beyond that the oldest that its client never acknowledged gives way, and if
 *     there is none the request is not answered
 * @param transfersPerClient the same for one client address
 * @param requestsWaiting requests whose file is not open yet; beyond that requests are not answered
 * @param portsPerAddress sockets for transfers, for each local address that is asked
 * @param addresses local addresses with sockets of their own; requests to others are not answered
 * @param contentOctets memory for pieces of files read ahead, shared by all transfers; beyond that the piece not used for
 *     longest is dropped, to be read again when needed
 * @param windowBlocks bound of a negotiated window, in blocks
 * @param windowOctets bound of a negotiated window, in octets
 */
public record TftpLimits(
        int transfers,
        int transfersPerClient,
        int requestsWaiting,
        int portsPerAddress,
        int addresses,
        long contentOctets,
        int windowBlocks,
        int windowOctets) {

    /** Enough for a storm of thousands of machines. */
    public static final TftpLimits USUAL = new TftpLimits(20_000, 512, 4_096, 32, 32, 64L << 20, 64, 256 << 10);

    public TftpLimits {
        if (transfers < 1 || transfersPerClient < 1 || requestsWaiting < 1) {
            throw new IllegalArgumentException("at least one transfer must be possible");
        }
        if (portsPerAddress < 1 || portsPerAddress > 1_000 || addresses < 1) {
            throw new IllegalArgumentException("a local address has 1 to 1000 sockets, not " + portsPerAddress);
        }
        if (contentOctets < 1 << 20) {
            throw new IllegalArgumentException("content needs at least one MiB, not " + contentOctets + " octets");
        }
    }
}
