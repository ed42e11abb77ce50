package org.jbootd.persistence;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** Leases and their changes as octets, in the format that {@link FileHeader#VERSION} numbers. */
final class LeaseCodec {

    private static final int HAS_CLIENT_IDENTIFIER = 1;
    private static final int HAS_UUID = 2;
    private static final int HAS_HOST_NAME = 4;
    private static final int NETWORK_BOOTED = 8;
    private static final int KNOWN_BY_CLIENT_IDENTIFIER = 16;
    private static final int RESERVED = 32;

    /** In the octet of the kind: an {@link OccasionCodec occasion} follows the lease. Version 1 had none. */
    private static final int HAS_OCCASION = 0x80;

    /** The longest client identifier or host name that fits, in octets. */
    private static final int MAX_LENGTH = 0xffff;

    private LeaseCodec() {}

    /** @throws IOException when a text or identifier in it is longer than 65,535 octets */
    static byte[] encodeChanges(List<LeaseChange> changes) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(128 * changes.size());
        DataOutputStream out = new DataOutputStream(octets);
        for (LeaseChange change : changes) {
            boolean told = !change.occasion().equals(Occasion.UNKNOWN);
            out.writeByte(change.kind().code() | (told ? HAS_OCCASION : 0));
            writeLease(out, change.lease());
            if (told) {
                OccasionCodec.write(out, change.occasion());
            }
        }
        return octets.toByteArray();
    }

    /** @param encoded the entry's changes, each part as {@link #encodeChanges} wrote it */
    static byte[] encodeEntry(JournalEntry entry, List<byte[]> encoded) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(octets);
        writeInstant(out, entry.recordedAt());
        writeInstant(out, entry.serverTime());
        out.writeInt(entry.changes().size());
        for (byte[] part : encoded) {
            out.write(part);
        }
        return octets.toByteArray();
    }

    /** @throws DamagedFile when the octets are not what {@link #encodeEntry} writes */
    static JournalEntry decodeEntry(long firstSeq, byte[] octets) throws DamagedFile {
        return decode(octets, in -> {
            Instant recordedAt = readInstant(in);
            Instant serverTime = readInstant(in);
            int count = readCount(in);
            List<LeaseChange> changes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                changes.add(readChange(in));
            }
            return new JournalEntry(firstSeq, recordedAt, serverTime, changes);
        });
    }

    private static LeaseChange readChange(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return new LeaseChange(
                LeaseChange.Kind.ofCode(kind & ~HAS_OCCASION),
                readLease(in),
                has(kind, HAS_OCCASION) ? OccasionCodec.read(in) : Occasion.UNKNOWN);
    }

    static byte[] encodeLeases(List<Lease> leases) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(16 + 128 * leases.size());
        DataOutputStream out = new DataOutputStream(octets);
        out.writeInt(leases.size());
        for (Lease lease : leases) {
            writeLease(out, lease);
        }
        return octets.toByteArray();
    }

    /** @throws DamagedFile when the octets are not what {@link #encodeLeases} writes */
    static List<Lease> decodeLeases(byte[] octets) throws DamagedFile {
        return decode(octets, in -> {
            int count = readCount(in);
            List<Lease> leases = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                leases.add(readLease(in));
            }
            return leases;
        });
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static <T> T decode(byte[] octets, Reading<T> reading) throws DamagedFile {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets));
        try {
            T value = reading.from(in);
            if (in.available() > 0) {
                throw new DamagedFile(in.available() + " octets too many");
            }
            return value;
        } catch (DamagedFile e) {
            throw e;
        } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new DamagedFile("a value that cannot be: " + e);
        }
    }

    private static void writeLease(DataOutputStream out, Lease lease) throws IOException {
        ClientIdentity client = lease.client();
        out.writeByte(flags(lease));
        out.writeByte(code(lease.state()));
        out.writeInt(lease.address().bits());
        out.writeUTF(lease.subnet());
        out.writeByte(client.hardware().type());
        writeOctets(out, client.hardware().octets());
        if (client.clientIdentifier().isPresent()) {
            writeOctets(out, client.clientIdentifier().get());
        }
        if (client.uuid().isPresent()) {
            out.writeLong(client.uuid().get().getMostSignificantBits());
            out.writeLong(client.uuid().get().getLeastSignificantBits());
        }
        if (lease.hostName().isPresent()) {
            out.writeUTF(lease.hostName().get());
        }
        writeInstant(out, lease.since());
        writeInstant(out, lease.until());
    }

    private static Lease readLease(DataInputStream in) throws IOException {
        int flags = in.readUnsignedByte();
        Lease.State state = state(in.readUnsignedByte());
        Ipv4 address = new Ipv4(in.readInt());
        String subnet = in.readUTF().intern(); // one for all leases of a subnet, of which there may be a million
        HardwareAddress hardware = new HardwareAddress(in.readUnsignedByte(), readOctets(in));
        Optional<Octets> clientIdentifier =
                has(flags, HAS_CLIENT_IDENTIFIER) ? Optional.of(readOctets(in)) : Optional.empty();
        Optional<UUID> uuid =
                has(flags, HAS_UUID) ? Optional.of(new UUID(in.readLong(), in.readLong())) : Optional.empty();
        Optional<String> hostName = has(flags, HAS_HOST_NAME) ? Optional.of(in.readUTF()) : Optional.empty();
        return new Lease(
                address,
                subnet,
                new ClientIdentity(hardware, clientIdentifier, uuid)
                        .by(
                                has(flags, KNOWN_BY_CLIENT_IDENTIFIER)
                                        ? Identification.CLIENT_ID
                                        : Identification.HARDWARE),
                hostName,
                has(flags, NETWORK_BOOTED),
                state,
                readInstant(in),
                readInstant(in),
                has(flags, RESERVED));
    }

    private static int flags(Lease lease) {
        return (lease.client().clientIdentifier().isPresent() ? HAS_CLIENT_IDENTIFIER : 0)
                | (lease.client().uuid().isPresent() ? HAS_UUID : 0)
                | (lease.hostName().isPresent() ? HAS_HOST_NAME : 0)
                | (lease.networkBooted() ? NETWORK_BOOTED : 0)
                | (lease.client().key() instanceof ClientKey.Identifier ? KNOWN_BY_CLIENT_IDENTIFIER : 0)
                | (lease.reserved() ? RESERVED : 0);
    }

    static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static int code(Lease.State state) {
        return switch (state) {
            case BOUND -> 1;
            case RELEASED -> 2;
            case DECLINED -> 3;
            case EXPIRED -> 4;
        };
    }

    private static Lease.State state(int code) throws IOException {
        return switch (code) {
            case 1 -> Lease.State.BOUND;
            case 2 -> Lease.State.RELEASED;
            case 3 -> Lease.State.DECLINED;
            case 4 -> Lease.State.EXPIRED;
            default -> throw new DamagedFile("no lease state has code " + code);
        };
    }

    static void writeInstant(DataOutputStream out, Instant instant) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    static Instant readInstant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    static void writeOctets(DataOutputStream out, Octets octets) throws IOException {
        if (octets.length() > MAX_LENGTH) {
            throw new IOException("an identifier of " + octets.length() + " octets is too long");
        }
        out.writeShort(octets.length());
        out.write(octets.toArray());
    }

    static Octets readOctets(DataInputStream in) throws IOException {
        byte[] octets = new byte[in.readUnsignedShort()];
        in.readFully(octets);
        return Octets.of(octets);
    }

    /** A count that what follows can hold: no number read from a file decides alone how much memory is taken. */
    private static int readCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new DamagedFile("a count of " + count + " before " + in.available() + " octets");
        }
        return count;
    }
}
