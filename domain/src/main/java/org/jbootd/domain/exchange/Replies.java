package org.jbootd.domain.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Claim;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;

/** Puts what was decided into an {@link Answer}. */
final class Replies {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    private final BootPlanner planner;
    private final boolean authoritative;

    Replies(BootPlanner planner, boolean authoritative) {
        this.planner = planner;
        this.authoritative = authoritative;
    }

    Answer offer(Exchange exchange, Optional<Ipv4> address) {
        return address.<Answer>map(offered -> new Answer.Offer(
                        terms(exchange, offered, exchange.subnet().leaseTime())))
                .orElse(new Answer.Silence(Reason.POOL_EXHAUSTED, ""));
    }

    /** An answer goes to the address that the message names, so that has to be one of the client's network. */
    Answer inform(Exchange exchange) {
        Subnet subnet = exchange.subnet();
        if (!subnet.network().hasHost(exchange.address())) {
            return new Answer.Silence(
                    Reason.WRONG_NETWORK, exchange.address() + " is not a host of " + subnet.network());
        }
        BootPlan plan = plan(exchange);
        return new Answer.InformAck(exchange.address(), subnet, plan, hostName(exchange, plan));
    }

    /** What was asked for is on disk. */
    Answer done(Exchange exchange, Lease lease, Instant now) {
        if (exchange.givesBack()) {
            return new Answer.Silence(Reason.DONE, "");
        }
        boolean bootp = exchange.message() instanceof ClientMessage.Bootp;
        Duration told = told(lease, bootp ? Lease.FOREVER : exchange.subnet().leaseTime(), now);
        if (told.compareTo(SHORTEST_LEASE) < 0) {
            return new Answer.Silence(Reason.STORE_UNAVAILABLE, "the lease was over before it was on disk");
        }
        Answer.Terms terms = terms(exchange, lease.address(), told);
        return bootp ? new Answer.BootReply(terms) : new Answer.Ack(terms);
    }

    /** The lease time, less if the disk took so long that it would promise more than is stored; whole seconds. */
    private static Duration told(Lease lease, Duration leaseTime, Instant now) {
        if (lease.until().equals(Instant.MAX)) {
            return leaseTime;
        }
        Duration left = Duration.ofSeconds(Duration.between(now, lease.until()).getSeconds());
        return left.compareTo(leaseTime) < 0 ? left : leaseTime;
    }

    private Answer.Terms terms(Exchange exchange, Ipv4 address, Duration leaseTime) {
        BootPlan plan = plan(exchange);
        return new Answer.Terms(address, leaseTime, exchange.subnet(), plan, hostName(exchange, plan));
    }

    private static Optional<String> hostName(Exchange exchange, BootPlan plan) {
        return exchange.verdict().hostName().or(plan::hostName);
    }

    private BootPlan plan(Exchange exchange) {
        return plan(planner, exchange.request());
    }

    /** A planner that fails costs the boot file, not the address. */
    static BootPlan plan(BootPlanner planner, Request request) {
        try {
            return planner.plan(request);
        } catch (RuntimeException failure) {
            return BootPlan.NOTHING;
        }
    }

    /** A client that named us, or whose address we know to be wrong, is told so; another one only by an authority. */
    Answer refusal(Exchange exchange, Claim.Refusal refusal) {
        boolean selected = exchange.message() instanceof ClientMessage.Select;
        boolean reboots = exchange.message() instanceof ClientMessage.Reboot;
        Ipv4 address = exchange.address();
        Subnet subnet = exchange.subnet();
        return switch (refusal) {
            case WRONG_NETWORK ->
                no(
                        selected || authoritative,
                        new Answer.Nak(Reason.WRONG_NETWORK, address + " is not of " + subnet.network(), subnet));
            case WRONG_ADDRESS ->
                no(true, new Answer.Nak(Reason.WRONG_ADDRESS, address + " is not your address", subnet));
            case TAKEN ->
                no(
                        authoritative || !reboots,
                        new Answer.Nak(Reason.ADDRESS_TAKEN, address + " is held by another client", subnet));
            case OUTSIDE_POOL -> throw new AssertionError("no message of a client is refused so");
            case UNKNOWN_CLIENT -> new Answer.Silence(Reason.UNKNOWN_CLIENT, address.toString());
            case EXHAUSTED -> new Answer.Silence(Reason.POOL_EXHAUSTED, "");
            case NOT_THE_HOLDER -> new Answer.Silence(Reason.NOT_THE_HOLDER, address.toString());
            case QUARANTINE_FULL -> new Answer.Silence(Reason.OVERLOADED, "the quarantine is full");
        };
    }

    private static Answer no(boolean aloud, Answer.Nak nak) {
        return aloud ? nak : new Answer.Silence(nak.reason(), nak.text());
    }
}
