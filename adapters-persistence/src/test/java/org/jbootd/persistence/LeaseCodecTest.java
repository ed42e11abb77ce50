package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Occasion;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LeaseCodecTest {

    private static final int NO_CHANGES = 0;

    private static byte[] entry(long seconds, int nanos) {
        return ByteBuffer.allocate(28)
                .putLong(0)
                .putInt(0)
                .putLong(seconds)
                .putInt(nanos)
                .putInt(NO_CHANGES)
                .array();
    }

    private static Lease lease(ClientIdentity client, Optional<String> hostName, boolean booted, Lease.State state) {
        return new Lease(
                Ipv4.parse("10.77.0.100"),
                "lan",
                client,
                hostName,
                booted,
                state,
                Instant.ofEpochSecond(0x0102030405L, 0x06070809),
                Instant.MAX);
    }

    /** What is on disk outlives the version that wrote it: these octets may only change with {@link FileHeader#VERSION}. */
    @Test
    void aLeaseOnDiskLooksAsItAlwaysDid() throws IOException {
        Lease full = lease(
                new ClientIdentity(
                                HardwareAddress.parse("02-00-00-00-00-0A"),
                                Optional.of(Octets.parseHex("01aabb")),
                                Optional.of(new UUID(0x0011223344556677L, 0x8899aabbccddeeffL)))
                        .by(Identification.CLIENT_ID),
                Optional.of("node7"),
                true,
                Lease.State.BOUND);
        String hex = "1f" + "01" + "0a4d0064" + "00036c616e" // flags, state, address, subnet
                + "01" + "000602000000000a" + "000301aabb" // hardware type and address, client identifier
                + "00112233445566778899aabbccddeeff" + "00056e6f646537" // UUID, host name
                + "0000000102030405" + "06070809" + "00701cd2fa9578ff" + "3b9ac9ff"; // since, until

        assertThat(HexFormat.of().formatHex(LeaseCodec.encodeLeases(List.of(full))))
                .isEqualTo("00000001" + hex);
        assertThat(HexFormat.of()
                        .formatHex(LeaseCodec.encodeChanges(List.of(new LeaseChange(LeaseChange.Kind.RENEWED, full)))))
                .isEqualTo("02" + hex);
        assertThat(LeaseCodec.decodeLeases(HexFormat.of().parseHex("00000001" + hex)))
                .containsExactly(full);
    }

    @ParameterizedTest
    @EnumSource
    void aMachineOfWhichLittleIsKnownIsWrittenAndReadAgain(Lease.State state) throws IOException {
        HardwareAddress token = new HardwareAddress(6, Octets.parseHex("0a0b"));
        ClientIdentity identified = new ClientIdentity(token, Optional.of(Octets.parseHex("00")), Optional.empty());
        List<Lease> leases = List.of(
                lease(ClientIdentity.of(token), Optional.empty(), false, state),
                lease(identified, Optional.empty(), true, state),
                lease(identified.by(Identification.CLIENT_ID), Optional.of("\u00e9"), false, state),
                lease(
                        new ClientIdentity(token, Optional.empty(), Optional.of(new UUID(-1, 7))),
                        Optional.of("h"),
                        false,
                        state));

        assertThat(LeaseCodec.decodeLeases(LeaseCodec.encodeLeases(leases))).isEqualTo(leases);
    }

    /** Octets of an occasion: cause, flags, stage, architecture, relay, relay information, since when it was on offer. */
    @Test
    void howAChangeCameAboutLooksAsItAlwaysDid() throws IOException {
        Lease lease = new Lease(
                Ipv4.parse("10.0.0.1"),
                "",
                ClientIdentity.of(new HardwareAddress(6, Octets.EMPTY)),
                Optional.empty(),
                false,
                Lease.State.EXPIRED,
                Instant.EPOCH,
                Instant.EPOCH,
                true);
        Occasion occasion = new Occasion(
                Cause.REBIND,
                Optional.of(BootStage.BOOT_LOADER),
                Optional.of(new ClientArchitecture(11)),
                Optional.of(Ipv4.parse("10.0.0.9")),
                Optional.of(Octets.parseHex("0101aa")),
                Optional.of(Instant.ofEpochSecond(2, 3)));
        List<LeaseChange> changes = List.of(new LeaseChange(LeaseChange.Kind.EXPIRED, lease, occasion));
        byte[] encoded = LeaseCodec.encodeChanges(changes);

        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo("87" + "20" + "04" + "0a000001" + "0000" + "06" + "0000"
                        + "000000000000000000000000".repeat(2)
                        + "04" + "1f" + "03" + "000b" + "0a000009" + "00030101aa" + "000000000000000200000003");
        JournalEntry entry = new JournalEntry(1, Instant.EPOCH, Instant.EPOCH, changes);
        assertThat(LeaseCodec.decodeEntry(1, LeaseCodec.encodeEntry(entry, List.of(encoded))))
                .isEqualTo(entry);
    }

    @Test
    void anEntryIsReadAsItsPartsWereWritten() throws IOException {
        long seed = 20260504L;
        RandomChanges random = new RandomChanges(new Random(seed));
        for (int i = 0; i < 30; i++) {
            List<LeaseChange> one = random.group();
            List<LeaseChange> other = random.group();
            List<LeaseChange> both = new ArrayList<>(one);
            both.addAll(other);
            JournalEntry entry = new JournalEntry(9, Instant.ofEpochSecond(i, 1), Instant.ofEpochSecond(7, i), both);

            byte[] octets = LeaseCodec.encodeEntry(
                    entry, List.of(LeaseCodec.encodeChanges(one), LeaseCodec.encodeChanges(other)));

            assertThat(LeaseCodec.decodeEntry(9, octets)).as("seed %d", seed).isEqualTo(entry);
            assertThat(entry.lastSeq()).isEqualTo(8 + both.size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0000000000, 1 octets too many",
        "00000001, a count of 1 before 0 octets",
        "ffffffff00, a count of -1 before 1 octets",
        "7fffffff00, a count of 2147483647 before 1 octets",
        "0000000100, a value that cannot be: java.io.EOFException",
        "000000010000, no lease state has code 0",
        "000000010005, no lease state has code 5"
    })
    void whatWasNeverWrittenIsDamage(String hex, String why) {
        assertThatThrownBy(() -> LeaseCodec.decodeLeases(HexFormat.of().parseHex(hex)))
                .isInstanceOf(DamagedFile.class)
                .hasMessage(why);
    }

    @Test
    void noPartOfALeaseIsALease() throws IOException {
        byte[] whole = LeaseCodec.encodeLeases(new RandomChanges(new Random(3))
                .group().stream().map(LeaseChange::lease).limit(1).toList());
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> LeaseCodec.decodeLeases(part))
                    .as("%d of %d octets", length, whole.length)
                    .isInstanceOf(DamagedFile.class);
        }
    }

    @Test
    void theLongestIdentifierThatFitsIsWrittenAndALongerOneRefused() throws IOException {
        Lease longest = identifiedBy(65_535);
        assertThat(LeaseCodec.decodeLeases(LeaseCodec.encodeLeases(List.of(longest))))
                .containsExactly(longest);
        assertThatThrownBy(() -> LeaseCodec.encodeLeases(List.of(identifiedBy(65_536))))
                .isInstanceOf(IOException.class)
                .hasMessage("an identifier of 65536 octets is too long");
    }

    private static Lease identifiedBy(int octets) {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-0A"), Optional.of(Octets.of(new byte[octets])), Optional.empty());
        return lease(client, Optional.empty(), false, Lease.State.BOUND);
    }

    @Test
    void theLastInstantThereIsCanBeRead() throws DamagedFile {
        byte[] octets = entry(Instant.MAX.getEpochSecond(), Instant.MAX.getNano());
        assertThat(LeaseCodec.decodeEntry(1, octets))
                .isEqualTo(new JournalEntry(1, Instant.EPOCH, Instant.MAX, List.of()));
    }

    @ParameterizedTest(name = "{0} s and {1} ns")
    @CsvSource({
        "9223372036854775807, 2147483647",
        "-9223372036854775808, -1",
        "9223372036854775807, 0",
        "31556889864403200, 0"
    })
    void aTimeBeyondAllTimesIsDamage(long seconds, int nanos) {
        assertThatThrownBy(() -> LeaseCodec.decodeEntry(1, entry(seconds, nanos)))
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining("a value that cannot be");
    }
}
