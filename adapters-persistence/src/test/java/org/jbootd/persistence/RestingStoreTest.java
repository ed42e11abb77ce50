package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data directories that are asked and not opened. */
class RestingStoreTest {

    private static final int GROUPS = 20;

    @TempDir
    private Path directory;

    private Path data;
    private Path backup;

    @BeforeEach
    void write() throws Exception {
        data = directory.resolve("data");
        backup = directory.resolve("backup");
        RandomChanges changes = new RandomChanges(new Random(1));
        SqlAccess access = new SqlAccess(SqlAccess.LOOPBACK, 0, Optional.of("secret"));
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(
                new StoreSettings(data, Optional.empty(), Optional.of(access), Optional.empty()))) {
            store.load();
            for (int i = 0; i < GROUPS; i++) {
                store.commit(changes.group()).toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
            store.awaitHistory();
            store.backup(backup).toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static List<String> ask(RestingStore store, String sql) throws Auditor.NoAnswer {
        List<String> rows = new ArrayList<>();
        store.ask(sql, List.of(), row -> rows.add(row.toString()));
        return rows;
    }

    /** Every file with its time and its octets. */
    private static Map<String, List<Object>> files(Path directory) throws IOException {
        Map<String, List<Object>> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                files.put(file.toString(), List.of(time, HexFormat.of().formatHex(Files.readAllBytes(file))));
            }
        }
        return files;
    }

    @Test
    void aBackupStaysAsItIsToTheOctet() throws IOException, Auditor.NoAnswer {
        Map<String, List<Object>> before = files(backup);
        try (RestingStore store = RestingStore.open(backup, "secret").orElseThrow()) {
            assertThat(ask(store, "SELECT COUNT(*), MAX(seq) FROM lease_event"))
                    .isEqualTo(ask(store, "SELECT MAX(seq), COUNT(*) FROM lease_event"))
                    .isNotEqualTo(List.of("[0, null]"));
            assertThatThrownBy(() -> ask(store, "DELETE FROM lease")).isInstanceOf(Auditor.NoAnswer.class);
        }
        assertThat(files(backup)).isEqualTo(before);
    }

    @Test
    void aDirectoryOfADaemonThatStoppedIsAskedAndOpenedAfterwards() throws IOException, Auditor.NoAnswer {
        List<String> leases;
        try (RestingStore store = RestingStore.open(data, "secret").orElseThrow()) {
            leases = ask(store, "SELECT address FROM lease ORDER BY address_number");
            assertThat(Files.readString(data.resolve("lock"))).startsWith("a command, pid ");
            assertThatThrownBy(() -> EmbeddedLeaseStore.open(new StoreSettings(data)))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("is in use by this process");
        }
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(new StoreSettings(data))) {
            assertThat(store.load())
                    .extracting(lease -> lease.address())
                    .containsExactlyInAnyOrderElementsOf(leases.stream()
                            .map(row -> Ipv4.parse(row.substring(1, row.length() - 1)))
                            .toList());
        }
    }

    @Test
    void whatIsNotKnownToBeWholeIsLeftToAStore() throws IOException {
        assertThat(RestingStore.open(backup, "wrong")).isEmpty();

        Path format = backup.resolve("format");
        String right = Files.readString(format);
        Files.writeString(format, "jbootd leases, format 9");
        assertThat(RestingStore.open(backup, "secret")).isEmpty();
        Files.writeString(format, right);

        try (Stream<Path> journal = Files.list(backup.resolve("journal"))) {
            for (Path file : journal.toList()) {
                Files.delete(file);
            }
        }
        assertThat(RestingStore.open(backup, "secret"))
                .as("the database is ahead of the journal")
                .isEmpty();
    }

    @Test
    void whatIsInUseIsNoBackup() throws IOException {
        Path target = directory.resolve("new");
        try (EmbeddedLeaseStore inUse = EmbeddedLeaseStore.open(new StoreSettings(data))) {
            assertThatThrownBy(() -> StoreBackup.restore(data, target))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageStartingWith(data + " is no backup of leases, but in use: make one of it with");
            assertThat(inUse.load()).isNotEmpty();
        }
        assertThat(target).doesNotExist();
        StoreBackup.restore(data, target);
        assertThat(target.resolve("format")).exists();
    }
}
