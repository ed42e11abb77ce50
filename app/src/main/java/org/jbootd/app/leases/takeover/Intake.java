package org.jbootd.app.leases.takeover;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jbootd.app.ini.Place;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.Printable;

/** Gathers what the file of another server says: what it says last of each address, and what cannot be read. */
final class Intake {

    /** Addresses; each takes some 300 octets. */
    static final int MOST = 1 << 20;

    /** Of several leases of a machine the one that lasts longest counts, so it goes first; reservations decide over them all. */
    private static final Comparator<ForeignLease> ORDER = Comparator.comparing(ForeignLease::reserved)
            .thenComparing(ForeignLease::until, Comparator.reverseOrder())
            .thenComparing(lease -> lease.place().line());

    private final Map<Ipv4, Entry> entries = new HashMap<>();
    private final TakeoverReport report;

    Intake(TakeoverReport report) {
        this.report = report;
    }

    /** @throws IOException when there are more than {@link #MOST} addresses */
    void lease(ForeignLease lease) throws IOException {
        put(lease.address(), lease);
    }

    /** The address is not a client's now. @param why the operator should know of it */
    void ofNobody(Place place, Ipv4 address, String why) throws IOException {
        put(address, new Entry.OfNobody(place, Printable.brief(why)));
    }

    /** There is nothing to be known of the address. */
    void unknown(Ipv4 address) {
        entries.remove(address);
    }

    private void put(Ipv4 address, Entry entry) throws IOException {
        entries.put(address, entry);
        if (entries.size() > MOST) {
            throw new IOException("it has more than " + MOST + " addresses: split it");
        }
    }

    /** Something is not understood, and left out. */
    void problem(Place place, String why) {
        report.notTaken(place, Printable.brief(why));
    }

    /** What can be taken over, in the order in which it is to be done. */
    List<ForeignLease> leases() {
        entries.forEach((address, entry) -> {
            if (entry instanceof Entry.OfNobody nobody) {
                report.notTaken(nobody.place(), address + ": " + nobody.why());
            }
        });
        return entries.values().stream()
                .filter(ForeignLease.class::isInstance)
                .map(ForeignLease.class::cast)
                .sorted(ORDER)
                .toList();
    }
}
