package org.jbootd.domain.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.transfer.TransferOutcome;

/**
 * A file that a client fetched, or tried to.
 *
 * @param end wall clock
 * @param file as the client called it
 * @param origin where it was read; empty when it was not
 * @param octets of the file that the client acknowledged
 * @param repeated packets that were sent again
 * @param outcome empty when the transfer was refused, and never began
 * @param detail what the client said, or was told; may be empty
 */
public record Fetch(
        Instant end,
        Duration took,
        Ipv4 client,
        String file,
        Optional<String> origin,
        long octets,
        long repeated,
        Optional<TransferOutcome> outcome,
        String detail) {}
