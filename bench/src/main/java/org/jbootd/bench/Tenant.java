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
        return changed(LeaseChange.Kind.BOUND, at, term);
    }

    LeaseChange renewed(Instant at, Duration term) {
        return changed(LeaseChange.Kind.RENEWED, at, term);
    }

    private LeaseChange changed(LeaseChange.Kind kind, Instant at, Duration term) {
        byte[] mac = {2, 0, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        return new LeaseChange(
                kind,
                new Lease(
                        address,
                        "default",
                        ClientIdentity.of(HardwareAddress.ethernet(Octets.of(mac))),
                        Optional.empty(),
                        true,
                        Lease.State.BOUND,
                        at,
                        at.plus(term)));
    }
}
