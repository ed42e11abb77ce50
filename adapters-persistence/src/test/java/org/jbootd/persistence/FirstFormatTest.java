package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Identification;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A data directory that the last version wrote which knew format 1 of the journal and schema 2 of the database (the one before
 * changes had causes), killed in the moment after a commit: a snapshot at change 6, the database at change 6, and the journal up to
 * change 9.
 */
class FirstFormatTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T08:00:00Z");

    private static final Lease ANNA = lease(1, 1, Lease.State.BOUND, 1800, 5400, Identification.CLIENT_ID);
    private static final Lease DORA = lease(4, 2, Lease.State.BOUND, 1900, 5500, Identification.HARDWARE);
    private static final Lease CARL = lease(3, 3, Lease.State.DECLINED, 70, 86_470, Identification.HARDWARE);

    @TempDir
    private Path parent;

    private Path directory;

    private static Lease lease(int machine, int address, Lease.State state, int since, int until, Identification by) {
        ClientIdentity client = new ClientIdentity(
                HardwareAddress.parse("02-00-00-00-00-0" + machine),
                Optional.of(Octets.parseHex("0102000000000" + machine)),
                Optional.of(new UUID(machine, machine)));
        return new Lease(
                Ipv4.parse("10.0.0.10" + address),
                "lan",
                client.by(by),
                Optional.of("node" + machine),
                true,
                state,
                SINCE.plusSeconds(since),
                SINCE.plusSeconds(until));
    }

    @BeforeEach
    void unpack() throws IOException {
        directory = Files.createDirectory(parent.resolve("data"), Permissions.forDirectory(parent));
        Files.createDirectory(directory.resolve("journal"), Permissions.forDirectory(parent));
        try (InputStream resource = getClass().getResourceAsStream("data-directory-format-1.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(resource))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createFile(file, Permissions.forFile(file));
                Files.write(file, zip.readAllBytes());
            }
        }
    }

    private EmbeddedLeaseStore open() {
        return EmbeddedLeaseStore.open(
                new StoreSettings(directory, Optional.empty(), Optional.empty(), Optional.of(true)));
    }

    private void assertOpensWhole() {
        try (EmbeddedLeaseStore store = open()) {
            assertThat(store.load()).containsExactlyInAnyOrder(ANNA, DORA, CARL);
            assertThat(store.latest()).isEqualTo(DORA.since());
            store.awaitHistory();
        }
        assertThat(Sqls.rows(directory, "SELECT seq, kind, address, cause FROM lease_event ORDER BY seq"))
                .containsExactly(
                        "1|BOUND|10.0.0.101|UNKNOWN",
                        "2|BOUND|10.0.0.102|UNKNOWN",
                        "3|BOUND|10.0.0.103|UNKNOWN",
                        "4|RELEASED|10.0.0.102|UNKNOWN",
                        "5|DECLINED|10.0.0.103|UNKNOWN",
                        "6|REKEYED|10.0.0.101|UNKNOWN",
                        "7|RENEWED|10.0.0.101|UNKNOWN",
                        "8|ENDED|10.0.0.102|UNKNOWN",
                        "9|BOUND|10.0.0.102|UNKNOWN");
        assertThat(Sqls.rows(directory, """
                        SELECT address, hardware, last_seq, how_ended FROM holding ORDER BY first_seq"""))
                .containsExactly(
                        "10.0.0.101|02-00-00-00-00-01|null|null",
                        "10.0.0.102|02-00-00-00-00-02|4|RELEASED",
                        "10.0.0.103|02-00-00-00-00-03|5|DECLINED",
                        "10.0.0.102|02-00-00-00-00-04|null|null");
        assertThat(Sqls.misfits(directory)).isEmpty();
    }

    @Test
    void itOpensWithAllThatItHad() {
        assertOpensWhole();
        assertThat(StoreRepair.repair(directory, SINCE)).isEmpty();
        assertOpensWhole();
    }

    @Test
    void theLogSaysThatItIsConvertedAndOnlyOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger("jbootd.leases");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            open().close();
            open().close();
        } finally {
            logger.detachAppender(lines);
        }
        String file = directory.resolve(LeaseDatabase.FILE).toString();
        int schema = LeaseDatabase.SCHEMA;
        assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage).filter(line -> line.contains("schema")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(file + " has schema 2 and gets schema " + schema + ": "),
                        line -> assertThat(line).isEqualTo(file + " has schema " + schema + " now"));
    }

    @Test
    void whatTheDatabaseMissedIsInAHashChainThatWasSwitchedOnMeanwhile() throws Exception {
        assertOpensWhole();
        List<String> report = new ArrayList<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            assertThat(ChainCheck.run(auditor::ask, List.of(), report)).isTrue();
        }
        assertThat(report.get(0)).isEqualTo("events 7 to 9 are a hash chain, and as they were written");
    }

    @Test
    void withoutItsSnapshotItIsReadFromItsFirstSegmentOn() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            Files.delete(files.filter(file -> file.toString().endsWith(".snapshot"))
                    .findFirst()
                    .orElseThrow());
        }
        assertOpensWhole();
    }
}
