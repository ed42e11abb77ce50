package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.StoreUnavailable;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.persistence.StoreRefused;
import org.junit.jupiter.api.Test;

class StoredClientsTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T08:00:00Z");

    /** Of many machines with an identifier of their own; writes down what is committed. */
    private static final class Store implements LeaseStore {

        final List<List<LeaseChange>> commits = new ArrayList<>();
        boolean full;
        int identifiers = 2_500;

        @Override
        public List<Lease> load() {
            return IntStream.range(0, 2_500).mapToObj(this::lease).toList();
        }

        private Lease lease(int number) {
            Octets id = Octets.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) (number >> 8), (byte) number);
            Octets identifier = Octets.of((byte) (number % identifiers >> 8), (byte) (number % identifiers));
            return new Lease(
                    Ipv4.parse("10.0.0.0").plus(number),
                    "lan",
                    new ClientIdentity(HardwareAddress.ethernet(id), Optional.of(identifier), Optional.empty()),
                    Optional.empty(),
                    false,
                    Lease.State.BOUND,
                    SINCE,
                    Instant.MAX);
        }

        @Override
        public Instant latest() {
            return SINCE;
        }

        @Override
        public CompletionStage<Void> commit(List<LeaseChange> changes) {
            commits.add(changes);
            return full
                    ? CompletableFuture.failedStage(new StoreUnavailable("the disk is full", new IOException()))
                    : CompletableFuture.completedStage(null);
        }
    }

    private final Store store = new Store();

    @Test
    void leasesThatAreKnownAlreadyCostNothing() {
        assertThat(StoredClients.load(store, Identification.HARDWARE, SINCE)).isEqualTo(store.load());
        assertThat(store.commits).isEmpty();
    }

    @Test
    void othersAreStoredBeforeTheyAreUsedSoManyAtATime() {
        List<Lease> leases = StoredClients.load(store, Identification.CLIENT_ID, SINCE);

        assertThat(store.commits).extracting(List::size).containsExactly(1_000, 1_000, 500);
        assertThat(store.commits.stream().flatMap(List::stream).map(LeaseChange::lease))
                .containsExactlyElementsOf(leases);
    }

    @Test
    void anAddressThatIsLeftIsNotStoredWithoutItsRest() {
        store.identifiers = 2;
        List<Lease> leases = StoredClients.load(store, Identification.CLIENT_ID, SINCE.plusSeconds(9));

        assertThat(store.commits).extracting(List::size).allMatch(size -> size <= 1_001);
        assertThat(store.commits)
                .allSatisfy(commit ->
                        assertThat(commit.get(commit.size() - 1).kind().ends()).isFalse());
        assertThat(leases)
                .hasSize(2_500)
                .filteredOn(lease -> lease.state() == Lease.State.BOUND)
                .hasSize(2);
    }

    @Test
    void aStoreThatCannotBeWrittenRefusesTheStart() {
        store.full = true;
        assertThatThrownBy(() -> StoredClients.load(store, Identification.CLIENT_ID, SINCE))
                .isInstanceOf(StoreRefused.class)
                .hasMessage("the leases cannot be stored by what clients are known by now: the disk is full");
        assertThat(store.commits).hasSize(1);
    }
}
