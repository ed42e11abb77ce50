package org.jbootd.domain.transfer;

import java.time.Duration;
import java.util.List;

/**
 * What client and server agreed on.
 *
 * @param blockSize octets in every DATA but the last, 8 to 65464
 * @param windowSize blocks sent per acknowledgement, at least 1 (RFC 7440)
 * @param timeout wait before the first repetition
 * @param timeoutAgreed whether {@code timeout} is the client's wish, and therefore exact (RFC 2349 §2)
 * @param acknowledged what the OACK lists; without any, no OACK is sent and DATA follows the request (RFC 2347 §2)
 */
public record TransferTerms(
        int blockSize, int windowSize, Duration timeout, boolean timeoutAgreed, List<TransferOption> acknowledged) {

    public TransferTerms {
        if (blockSize < 8 || blockSize > 65464) {
            throw new IllegalArgumentException("a block has 8 to 65464 octets, not " + blockSize);
        }
        if (windowSize < 1 || windowSize > 65535) {
            throw new IllegalArgumentException("a window has 1 to 65535 blocks, not " + windowSize);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is longer than " + timeout);
        }
        acknowledged = List.copyOf(acknowledged);
    }
}
