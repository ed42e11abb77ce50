package org.jbootd.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease.State;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of leases when {@code [bootp] identity} is another than before. */
class RekeyingTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));
    private static final Instant EARLIER = NOW.minus(Duration.ofHours(1));

    /** @param changes as {@code KIND address state key} */
    record Row(String sentence, List<Lease> stored, Identification by, List<String> changes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Row> rows() {
        Lease anna = byHardware(1, 1, "aa01", State.BOUND, LATER);
        return Stream.of(
                new Row("nothing is done where nothing changes", List.of(anna), Identification.HARDWARE, List.of()),
                new Row(
                        "a client without an identifier stays what it is",
                        List.of(byHardware(1, 1, "", State.BOUND, LATER)),
                        Identification.CLIENT_ID,
                        List.of()),
                new Row(
                        "a client is found by the identifier that was recorded of it",
                        List.of(anna),
                        Identification.CLIENT_ID,
                        List.of("REKEYED 10.0.0.1 BOUND id:aa01")),
                new Row(
                        "a client is found by its hardware again",
                        List.of(anna.by(Identification.CLIENT_ID)),
                        Identification.HARDWARE,
                        List.of("REKEYED 10.0.0.1 BOUND 02-00-00-00-00-01")),
                new Row(
                        "of two that are one client now the one that lasts longer stays, and the other rests until its end",
                        List.of(
                                byIdentifier(1, 1, "aa01", State.BOUND, LATER),
                                byIdentifier(2, 1, "aa02", State.BOUND, LATER.plusSeconds(1))),
                        Identification.HARDWARE,
                        List.of(
                                "MOVED 10.0.0.1 BOUND 02-00-00-00-00-01",
                                "DECLINED 10.0.0.1 DECLINED 02-00-00-00-00-01",
                                "REKEYED 10.0.0.2 BOUND 02-00-00-00-00-01")),
                new Row(
                        "two machines stay two",
                        List.of(
                                byIdentifier(1, 1, "aa01", State.BOUND, LATER),
                                byIdentifier(2, 2, "aa02", State.BOUND, LATER)),
                        Identification.HARDWARE,
                        List.of(
                                "REKEYED 10.0.0.1 BOUND 02-00-00-00-00-01",
                                "REKEYED 10.0.0.2 BOUND 02-00-00-00-00-02")),
                new Row(
                        "a lease in use goes before one that was given back, however long that would have lasted",
                        List.of(
                                byIdentifier(1, 1, "aa01", State.RELEASED, LATER.plusSeconds(1)),
                                byIdentifier(2, 1, "aa02", State.BOUND, LATER)),
                        Identification.HARDWARE,
                        List.of(
                                "MOVED 10.0.0.1 RELEASED 02-00-00-00-00-01",
                                "REKEYED 10.0.0.2 BOUND 02-00-00-00-00-01")),
                new Row(
                        "one that is over, or given back, ends",
                        List.of(
                                byIdentifier(1, 1, "aa01", State.RELEASED, LATER),
                                byIdentifier(2, 1, "aa02", State.BOUND, EARLIER),
                                byIdentifier(3, 1, "aa03", State.BOUND, LATER)),
                        Identification.HARDWARE,
                        List.of(
                                "MOVED 10.0.0.1 RELEASED 02-00-00-00-00-01",
                                "EXPIRED 10.0.0.2 EXPIRED 02-00-00-00-00-01",
                                "MOVED 10.0.0.2 EXPIRED 02-00-00-00-00-01",
                                "REKEYED 10.0.0.3 BOUND 02-00-00-00-00-01")),
                new Row(
                        "two machines that send one identifier are one client now",
                        List.of(anna, byHardware(2, 2, "aa01", State.BOUND, EARLIER)),
                        Identification.CLIENT_ID,
                        List.of(
                                "EXPIRED 10.0.0.2 EXPIRED id:aa01",
                                "MOVED 10.0.0.2 EXPIRED id:aa01",
                                "REKEYED 10.0.0.1 BOUND id:aa01")),
                new Row(
                        "a quarantine stays, beside the lease of the client that declined",
                        List.of(byHardware(3, 1, "aa01", State.DECLINED, LATER), anna),
                        Identification.CLIENT_ID,
                        List.of("REKEYED 10.0.0.3 DECLINED id:aa01", "REKEYED 10.0.0.1 BOUND id:aa01")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void leasesGoByTheOtherKey(Row row) {
        Rekeying rekeying = Rekeying.of(row.stored(), row.by(), NOW);

        assertThat(rekeying.changes()).extracting(RekeyingTest::text).containsExactlyElementsOf(row.changes());
        assertStored(row.stored(), rekeying);
        assertThat(Rekeying.of(rekeying.leases(), row.by(), NOW).changes())
                .as("once is enough")
                .isEmpty();
    }

    @Test
    void anAddressRestsFromTheMomentInWhichItIsLeft() {
        List<Lease> stored = List.of(
                byIdentifier(1, 1, "aa01", State.BOUND, LATER),
                byIdentifier(2, 1, "aa02", State.BOUND, LATER.plusSeconds(1)));

        assertThat(Rekeying.of(stored, Identification.HARDWARE, NOW).changes())
                .filteredOn(change -> change.kind() == LeaseChange.Kind.DECLINED)
                .extracting(LeaseChange::lease)
                .extracting(Lease::since, Lease::until)
                .containsExactly(tuple(NOW, LATER));
    }

    @ParameterizedTest
    @EnumSource
    void whatAStoreWithManyOfThemHasIsWhatTheBookIsTold(Identification by) {
        List<Lease> stored = Stream.iterate(1, i -> i <= 200, i -> i + 1)
                .map(i -> byHardware(i, i % 40, "aa0" + i % 7, i % 5 == 0 ? State.RELEASED : State.BOUND, LATER)
                        .by(i <= 40 ? Identification.HARDWARE : Identification.CLIENT_ID))
                .toList();
        assertStored(stored, Rekeying.of(stored, by, NOW));
    }

    private static void assertStored(List<Lease> stored, Rekeying rekeying) {
        InMemoryLeaseStore store = InMemoryLeaseStore.of(stored.toArray(Lease[]::new));
        store.commit(rekeying.changes()).toCompletableFuture().join();
        assertThat(store.load()).containsExactlyInAnyOrderElementsOf(rekeying.leases());
    }

    private static String text(LeaseChange change) {
        Lease lease = change.lease();
        return change.kind() + " " + lease.address() + " " + lease.state() + " "
                + lease.client().key();
    }

    private static Lease byIdentifier(int address, int machine, String identifier, State state, Instant until) {
        return byHardware(address, machine, identifier, state, until).by(Identification.CLIENT_ID);
    }

    private static Lease byHardware(int address, int machine, String identifier, State state, Instant until) {
        Optional<Octets> id =
                Optional.of(identifier).filter(hex -> !hex.isEmpty()).map(Octets::parseHex);
        HardwareAddress hardware =
                HardwareAddress.ethernet(Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) machine));
        return new Lease(
                Ipv4.parse("10.0.0.0").plus(address),
                "lan",
                new ClientIdentity(hardware, id, Optional.empty()),
                Optional.empty(),
                false,
                state,
                EARLIER,
                until);
    }
}
