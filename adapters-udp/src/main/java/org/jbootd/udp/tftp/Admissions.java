package org.jbootd.udp.tftp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Who may have a transfer: a bounded number in total and for each client address. When there is no room, the oldest
 * transfer whose client never acknowledged anything gives way, so that requests nobody stands behind cannot keep others
 * out. Belongs to one event loop, {@link #loop}.
 */
final class Admissions {

    /** The transfers of one client address. */
    private static final class Share {
        private int transfers;
        private final Map<Ticket.Key, Ticket> unconfirmed = new LinkedHashMap<>(4);
    }

    private final Executor loop;
    private final TftpLimits limits;
    private final Map<Ticket.Key, Ticket> tickets = new HashMap<>();
    private final Map<Ticket.Key, Ticket> unconfirmed = new LinkedHashMap<>();
    private final Map<InetAddress, Share> shares = new HashMap<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean closed;

    Admissions(Executor loop, TftpLimits limits) {
        this.loop = loop;
        this.limits = limits;
    }

    Executor loop() {
        return loop;
    }

    /** The transfer that this very request belongs to, or null. */
    Ticket find(Ticket.Key key) {
        return tickets.get(key);
    }

    /** Null when there is no room. */
    Ticket admit(Ticket.Key key) {
        Share share = shares.get(key.client().getAddress());
        if (closed
                || share != null && share.transfers >= limits.transfersPerClient() && !makeRoom(share.unconfirmed)
                || tickets.size() >= limits.transfers() && !makeRoom(unconfirmed)) {
            return null;
        }
        Ticket ticket = new Ticket(key, this);
        tickets.put(key, ticket);
        unconfirmed.put(key, ticket);
        Share current = shares.computeIfAbsent(key.client().getAddress(), address -> new Share());
        current.transfers++;
        current.unconfirmed.put(key, ticket);
        return ticket;
    }

    private boolean makeRoom(Map<Ticket.Key, Ticket> candidates) {
        for (Ticket oldest : candidates.values()) {
            // A confirmation may be on its way here while the client goes on already.
            if (!oldest.isConfirmed()) {
                remove(oldest);
                oldest.withdraw();
                return true;
            }
        }
        return false;
    }

    /** Its client acknowledged something, as the ticket knows: it cannot be crowded out any more. */
    void confirmed(Ticket ticket) {
        if (tickets.get(ticket.key()) == ticket) {
            unconfirmed.remove(ticket.key());
            shares.get(ticket.client().getAddress()).unconfirmed.remove(ticket.key());
        }
    }

    /** Its transfer is over, or never began. A second time nothing happens. */
    void remove(Ticket ticket) {
        if (!tickets.remove(ticket.key(), ticket)) {
            return;
        }
        unconfirmed.remove(ticket.key());
        InetAddress address = ticket.client().getAddress();
        Share share = shares.get(address);
        share.unconfirmed.remove(ticket.key());
        share.transfers--;
        if (share.transfers == 0) {
            shares.remove(address);
        }
        completeWhenDrained();
    }

    int transfers() {
        return tickets.size();
    }

    /** No more requests. @return completes, on the loop, when the last transfer is over */
    CompletableFuture<Void> close() {
        closed = true;
        completeWhenDrained();
        return drained;
    }

    private void completeWhenDrained() {
        if (closed && tickets.isEmpty()) {
            drained.complete(null);
        }
    }

    void stopAll() {
        List.copyOf(tickets.values()).forEach(Ticket::stop);
    }
}
