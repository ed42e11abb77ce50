package org.jbootd.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * A machine that only a store hears of.
 *
 * @param number makes its MAC address, 02-00 and these four octets
 */
record Tenant(int number, Ipv4 address) {

    LeaseChange bound(Instant at, Duration term) {
        return new LeaseChange(LeaseChange.Kind.BOUND, lease(Lease.State.BOUND, at, at.plus(term)));
    }

    LeaseChange renewed(Instant at, Duration term) {
        return new LeaseChange(LeaseChange.Kind.RENEWED, lease(Lease.State.BOUND, at, at.plus(term)));
    }

    LeaseChange released(Instant at) {
        return new LeaseChange(LeaseChange.Kind.RELEASED, lease(Lease.State.RELEASED, at, at));
    }

    HardwareAddress hardware() {
        byte[] mac = {2, 0, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return HardwareAddress.ethernet(Octets.of(mac));
    }

    private Lease lease(Lease.State state, Instant since, Instant until) {
        return new Lease(
                address, "default", ClientIdentity.of(hardware()), Optional.empty(), true, state, since, until);
    }
}
