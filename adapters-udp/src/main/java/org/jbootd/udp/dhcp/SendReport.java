package org.jbootd.udp.dhcp;

import org.jbootd.domain.net.Ipv4;
import org.slf4j.event.Level;

/** Counts and logs what the operating system refuses to do. For one thread. */
final class SendReport {

    private enum Fault {
        UNSENT,
        UNRECEIVED
    }

    private final DhcpCounters counters;
    private final OutcomeLog log;

    SendReport(DhcpCounters counters, OutcomeLog log) {
        this.counters = counters;
        this.log = log;
    }

    void sendFailed(Wire wire, Ipv4 destination, Throwable cause) {
        counters.countUnsent();
        log.write(
                Level.WARN,
                Fault.UNSENT,
                () -> "cannot send to " + destination + " on " + wire.served().device() + ": " + cause.getMessage());
    }

    void receiveFailed(Wire wire, Throwable cause) {
        log.write(
                Level.WARN,
                Fault.UNRECEIVED,
                () -> "cannot receive on " + wire.served().device() + ": " + cause.getMessage());
    }
}
