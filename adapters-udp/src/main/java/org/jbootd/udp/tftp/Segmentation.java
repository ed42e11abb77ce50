package org.jbootd.udp.tftp;

import io.netty.channel.epoll.EpollDatagramChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the kernel cuts one large send into a window of datagrams (UDP GSO): several times faster than one send for
 * each, where it works. Threads may share it.
 */
final class Segmentation {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");

    /** The most the kernel takes in one send, in segments and in octets. */
    private static final int SEGMENTS = 64;

    private static final int OCTETS = 65_000;

    /** A segment must not need fragmenting: what an Ethernet frame holds. */
    private static final int LARGEST_SEGMENT = 1_472;

    private static final int REFUSALS = 16;

    private final AtomicInteger refusals;

    private Segmentation(int refusals) {
        this.refusals = new AtomicInteger(refusals);
    }

    /** @param epoll whether the channels are epoll's; others cannot do it */
    static Segmentation where(boolean epoll) {
        return new Segmentation(epoll && EpollDatagramChannel.isSegmentedDatagramPacketSupported() ? 0 : REFUSALS);
    }

    /** Datagrams of {@code octets} that fit one send; 1 where it is better not tried. */
    int segments(int octets) {
        return octets > LARGEST_SEGMENT || refusals.get() >= REFUSALS ? 1 : Math.min(SEGMENTS, OCTETS / octets);
    }

    /** A send failed. After a number of those it is not tried any more. */
    void refused(Throwable cause) {
        if (refusals.incrementAndGet() == REFUSALS) {
            LOG.info(
                    "segmentation offload refused ({}): sending every block by itself from now on", cause.getMessage());
        }
    }
}
