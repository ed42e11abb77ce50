package org.jbootd.domain.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * What is known of one address: who has or had it, and until when.
 *
 * @param subnet name of the {@link Subnet}
 * @param networkBooted true once the machine was seen to boot over the network; plain DHCP of such a machine is served
 *     even where {@code allow_simple_dhcp} is off
 * @param since start of the present state, in server time (see {@link org.jbootd.domain.exchange.SteadyClock})
 * @param until end of the lease, or of the quarantine; {@link Instant#MAX} for never
 * @param reserved true when an operator keeps the address for its client: nobody else gets it, whether it is in use or not
 */
public record Lease(
        Ipv4 address,
        String subnet,
        ClientIdentity client,
        Optional<String> hostName,
        boolean networkBooted,
        State state,
        Instant since,
        Instant until,
        boolean reserved) {

    /** The infinite lease, 0xffffffff seconds on the wire (RFC 2131 §3.3). */
    public static final Duration FOREVER = Duration.ofSeconds(0xffffffffL);

    /** What an address is to its client. */
    public enum State {
        /** Leased, until {@code until}; past that it is expired, and still the client's until it is reclaimed. */
        BOUND,
        /** As {@link #BOUND}, and {@code until} was seen to have passed. */
        EXPIRED,
        /** Given back by its client, who gets it again as long as nobody else needed it. */
        RELEASED,
        /**
         * Rests, and nobody gets it before {@code until}: found in use by somebody else, or left by a client that was moved
         * without having asked, and may use it until then.
         */
        DECLINED
    }

    public Lease {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(until, "until");
    }

    /** A lease that is no more than that. */
    public Lease(
            Ipv4 address,
            String subnet,
            ClientIdentity client,
            Optional<String> hostName,
            boolean networkBooted,
            State state,
            Instant since,
            Instant until) {
        this(address, subnet, client, hostName, networkBooted, state, since, until, false);
    }

    /** The same lease, with its client known by what {@code identification} wants. */
    Lease by(Identification identification) {
        ClientIdentity wanted = client.by(identification);
        return wanted.equals(client)
                ? this
                : new Lease(address, subnet, wanted, hostName, networkBooted, state, since, until, reserved);
    }

    /** The same lease when its client has another from now on, and may still use this one until it ends. */
    Lease resting(Instant now) {
        return new Lease(
                address, subnet, client, hostName, networkBooted, State.DECLINED, LeaseTimes.start(now), until);
    }

    /** The same lease once its time is over. */
    Lease expired() {
        return new Lease(address, subnet, client, hostName, networkBooted, State.EXPIRED, until, until, reserved);
    }

    /** The same lease, given back by an operator, who keeps it for nobody. */
    Lease givenBack(Instant now) {
        return new Lease(address, subnet, client, hostName, networkBooted, State.RELEASED, now, now, false);
    }

    /** The same lease, kept by an operator. */
    Lease forGood() {
        return new Lease(address, subnet, client, hostName, networkBooted, state, since, until, true);
    }

    /** True of an address that is its client's: in use, or not any more. */
    boolean isOwned() {
        return state != State.DECLINED;
    }

    /** True when the address was given to some client on that machine. */
    boolean isOn(HardwareAddress machine) {
        return isOwned() && client.hardware().equals(machine);
    }

    /** True of a lease whose client did not give it back. */
    public boolean isGranted() {
        return state == State.BOUND || state == State.EXPIRED;
    }

    /** True while nobody gets the address, not even its client. */
    boolean rests(Instant now) {
        return state == State.DECLINED && now.isBefore(until);
    }

    /** True when an operator keeps the address for that client, who has it or not. */
    boolean isKeptFor(ClientKey key) {
        return reserved && client.key().equals(key);
    }

    /** True while the address may not go to anybody else, whatever the settings. */
    public boolean isLive(Instant now) {
        return reserved || state != State.RELEASED && now.isBefore(until);
    }
}
