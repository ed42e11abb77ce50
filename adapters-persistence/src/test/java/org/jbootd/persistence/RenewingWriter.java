package org.jbootd.persistence;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** A process that renews the leases of many machines for ever, many at once, and says which renewals are stored. */
final class RenewingWriter {

    /** A line without it was cut off by the end of the process. */
    static final String END = " stored";

    private static final int MACHINES = 256;
    private static final int AT_ONCE = 64;
    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");

    private RenewingWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings(arguments));
        int before = store.load().stream()
                .mapToInt(lease -> Integer.parseInt(lease.hostName().orElseThrow()))
                .max()
                .orElse(0);
        PrintStream out = System.out;
        Semaphore room = new Semaphore(AT_ONCE);
        for (int renewal = before + 1; ; renewal++) {
            room.acquire();
            Lease lease = lease(renewal % MACHINES, renewal);
            store.commit(List.of(new LeaseChange(LeaseChange.Kind.RENEWED, lease)))
                    .thenRun(() -> {
                        out.println(lease.client().hardware() + " "
                                + lease.hostName().orElseThrow() + END);
                        out.flush();
                    })
                    .whenComplete((stored, failure) -> room.release());
        }
    }

    /** @param arguments the data directory; and anything else for a hash chain */
    private static StoreSettings settings(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        return arguments.length == 1
                ? new StoreSettings(directory)
                : new StoreSettings(directory, Optional.empty(), Optional.empty(), Optional.of(true));
    }

    private static Lease lease(int machine, int renewal) {
        HardwareAddress hardware = HardwareAddress.ethernet(Octets.parseHex(String.format("02000000%04x", machine)));
        Instant since = START.plusSeconds(renewal);
        return new Lease(
                new Ipv4(Ipv4.parse("10.0.0.0").bits() + machine),
                "lan",
                ClientIdentity.of(hardware),
                Optional.of(String.valueOf(renewal)),
                false,
                Lease.State.BOUND,
                since,
                since.plusSeconds(3600));
    }
}
