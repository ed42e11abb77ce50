package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredLeasesTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T08:00:00Z");

    @TempDir
    private Path directory;

    private static Lease lease(int number) {
        return new Lease(
                new Ipv4(Ipv4.parse("10.0.0.100").bits() + number),
                "lan",
                ClientIdentity.of(HardwareAddress.parse("02-00-00-00-00-0" + number)),
                Optional.empty(),
                true,
                Lease.State.BOUND,
                SINCE.plusSeconds(number),
                SINCE.plusSeconds(3600));
    }

    private static void store(EmbeddedLeaseStore store, int number) throws Exception {
        store.commit(List.of(new LeaseChange(LeaseChange.Kind.BOUND, lease(number))))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void theyAreReadWhileADaemonStoresThemAndAfterwards() throws Exception {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(directory))) {
            store(store, 1);
            assertThat(StoredLeases.read(directory).leases()).containsExactly(lease(1));
            store(store, 2);
            assertThat(StoredLeases.read(directory).leases()).containsExactlyInAnyOrder(lease(1), lease(2));
        }
        StoredLeases stored = StoredLeases.read(directory);

        assertThat(stored.leases()).containsExactlyInAnyOrder(lease(1), lease(2));
        assertThat(stored.latest()).isAfterOrEqualTo(SINCE.plusSeconds(2));
    }

    @Test
    void aDirectoryThatIsNotThereHoldsNoneAndIsNotMade() {
        assertThat(StoredLeases.read(directory.resolve("none")).leases()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDamagedJournalIsSaid() throws Exception {
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(directory))) {
            store(store, 1);
        }
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            for (Path file : files.toList()) {
                Files.write(file, new byte[4096]);
            }
        }

        assertThatThrownBy(() -> StoredLeases.read(directory))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(directory.resolve("journal").toString());
    }

    @Test
    void readingChangesNothing() throws IOException {
        EmbeddedLeaseStore.open(new StoreSettings(directory)).close();
        List<String> before = names();

        StoredLeases.read(directory);

        assertThat(names()).isEqualTo(before);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
