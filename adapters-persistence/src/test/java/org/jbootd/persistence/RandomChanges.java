package org.jbootd.persistence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** Changes as a lease book makes them, for a few machines that each keep to an address of their own. */
final class RandomChanges {

    private static final Instant START = Instant.parse("2026-05-04T03:02:01Z");
    private static final int MACHINES = 40;

    private final Random random;
    private int count;

    RandomChanges(Random random) {
        this.random = random;
    }

    /** One to some tens, each of a machine of its own; rarely so long that they fill a segment. */
    List<LeaseChange> group() {
        int size = random.nextInt(4) == 0 ? 1 + random.nextInt(MACHINES) : 1 + random.nextInt(3);
        int hostNameLength = random.nextInt(60) == 0 ? 60_000 : random.nextInt(20);
        int first = random.nextInt(MACHINES);
        List<LeaseChange> group = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            group.add(change((first + i) % MACHINES, hostNameLength));
        }
        return group;
    }

    private LeaseChange change(int machine, int hostNameLength) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        return new LeaseChange(kind, lease(machine, kind, "h".repeat(hostNameLength)), occasion());
    }

    private Lease lease(int machine, Kind kind, String hostName) {
        Instant since = START.plusSeconds(count++);
        return new Lease(
                new Ipv4(Ipv4.parse("10.0.0.100").bits() + machine),
                "lan",
                client(machine),
                Optional.of(hostName).filter(name -> !name.isEmpty()),
                random.nextBoolean(),
                state(kind),
                since,
                since.plusSeconds(random.nextInt(7200)),
                random.nextInt(10) == 0);
    }

    private Occasion occasion() {
        return new Occasion(
                oneOf(Cause.values()),
                sometimes(oneOf(BootStage.values())),
                sometimes(new ClientArchitecture(random.nextInt(0x10000))),
                sometimes(new Ipv4(random.nextInt())),
                sometimes(Octets.of(new byte[] {1, 2, (byte) random.nextInt(), 7, 2, 1, 9})),
                sometimes(START.plusSeconds(count)));
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> Optional<T> sometimes(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private static Lease.State state(Kind kind) {
        return switch (kind) {
            case BOUND, RENEWED, REKEYED, ENDED, RECLAIMED, MOVED, IMPORTED -> Lease.State.BOUND;
            case EXPIRED -> Lease.State.EXPIRED;
            case RELEASED, RESERVED -> Lease.State.RELEASED;
            case DECLINED -> Lease.State.DECLINED;
        };
    }

    private static ClientIdentity client(int machine) {
        return ClientIdentity.of(
                HardwareAddress.ethernet(Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) machine)));
    }
}
