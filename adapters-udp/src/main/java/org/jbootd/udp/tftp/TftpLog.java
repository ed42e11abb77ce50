package org.jbootd.udp.tftp;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.history.Fetch;
import org.jbootd.domain.history.History;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.TransferOutcome;
import org.jbootd.udp.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for every outcome; what strangers can cause at will is held to a number of lines. Threads may share it. */
final class TftpLog {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");
    private static final int LINES = 200;

    private final LineBudget misses = new LineBudget(LOG, LINES, System::nanoTime);
    private final LineBudget abandoned = new LineBudget(LOG, LINES, System::nanoTime);
    private final LineBudget refusals = new LineBudget(LOG, LINES, System::nanoTime);

    private final History history;

    TftpLog(History history) {
        this.history = history;
    }

    /** @param told what the client was told, or empty */
    void refused(InetSocketAddress client, String what, String why, String told) {
        refusals.info("{} {}: {}{}", text(client), Printable.brief(what), why, told.isEmpty() ? "" : " (" + told + ")");
    }

    void missing(InetSocketAddress client, String filename, String why, String told) {
        tell(client, filename, Optional.empty(), Optional.empty(), told, 0, 0, 0);
        misses.info("{} {}: {} ({})", text(client), Printable.brief(filename), told, Printable.brief(why));
    }

    void broken(InetSocketAddress client, String origin, Throwable cause) {
        LOG.warn("{}: cannot read {}: {}", text(client), Printable.brief(origin), cause.toString());
    }

    /**
     * @param remark of the client, may be empty
     * @param octets of the file that the client acknowledged
     */
    void finished(
            InetSocketAddress client,
            String filename,
            String origin,
            TransferOutcome outcome,
            String remark,
            long octets,
            long nanos,
            long repeated) {
        tell(client, filename, Optional.of(origin), Optional.of(outcome), remark, octets, nanos, repeated);
        if (!LOG.isInfoEnabled()) {
            return; // small files end by the thousand, and a line costs more than some of them
        }
        double seconds = nanos / 1e9;
        String line =
                text(client) + " " + Printable.brief(filename) + " from " + Printable.brief(origin) + ": " + outcome
                        + (remark.isEmpty() ? "" : " (" + remark + ")")
                        + ", " + octets + " octets in " + decimal(seconds, 3) + " s ("
                        + decimal(octets / 1e6 / Math.max(seconds, 1e-6), 1) + " MB/s), "
                        + repeated + " packets repeated";
        if (outcome == TransferOutcome.NEVER_ANSWERED || outcome == TransferOutcome.CROWDED_OUT) {
            abandoned.info("{}", line);
        } else {
            LOG.info("{}", line);
        }
    }

    private void tell(
            InetSocketAddress client,
            String filename,
            Optional<String> origin,
            Optional<TransferOutcome> outcome,
            String detail,
            long octets,
            long nanos,
            long repeated) {
        if (history != History.NONE && client.getAddress() instanceof Inet4Address address) {
            history.fetched(new Fetch(
                    Instant.now(),
                    Duration.ofNanos(nanos),
                    Ipv4.of(address.getAddress()),
                    Printable.of(filename),
                    origin.map(Printable::of),
                    octets,
                    repeated,
                    outcome,
                    Printable.brief(detail)));
        }
    }

    private static String decimal(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    private static String text(InetSocketAddress client) {
        return client.getAddress().getHostAddress() + ":" + client.getPort();
    }
}
