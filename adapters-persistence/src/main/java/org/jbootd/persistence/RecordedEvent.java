package org.jbootd.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * What an {@link Auditor} tells of an event, as far as intervals follow from it.
 *
 * @param columns those of {@link #COLUMNS}
 */
record RecordedEvent(List<Object> columns) {

    static final String COLUMNS = """
            seq, recorded_at, kind, cause, address_number, address, subnet, host_name, hardware, client_identifier, machine_uuid, state, since, \
            until""";

    static final int SIZE = COLUMNS.split(", ").length;

    /** False of what takes the place of an event that is missing. */
    boolean isThere() {
        return columns.get(0) != null;
    }

    long seq() {
        return (Long) columns.get(0);
    }

    String recordedAt() {
        return text(1);
    }

    String kind() {
        return text(2);
    }

    String address() {
        return text(5);
    }

    String since() {
        return text(12);
    }

    /** Empty for ever. */
    Optional<String> until() {
        return Optional.ofNullable(text(13));
    }

    /** Whether a version stored it that did not say how changes came about. */
    boolean isOfAFormerVersion() {
        return Cause.UNKNOWN.name().equals(text(3));
    }

    /** Whether it may have been stored together with the one before it; if it was, this is true. */
    boolean isOfTheEntryOf(RecordedEvent before) {
        return seq() == before.seq() + 1 && recordedAt().equals(before.recordedAt()) && text(3).equals(before.text(3));
    }

    /** @throws IllegalArgumentException when somebody wrote into it what is none */
    LeaseChange change() {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parseRecorded(text(8)),
                Optional.ofNullable(text(9)).map(Octets::parseHex),
                Optional.ofNullable(text(10)).map(UUID::fromString));
        Lease lease = new Lease(
                new Ipv4(((Long) columns.get(4)).intValue()),
                text(6),
                client,
                Optional.ofNullable(text(7)),
                false,
                Lease.State.valueOf(text(11)),
                Instant.parse(since()),
                until().map(Instant::parse).orElse(Instant.MAX));
        return new LeaseChange(LeaseChange.Kind.valueOf(kind()), lease);
    }

    private String text(int column) {
        return (String) columns.get(column);
    }
}
