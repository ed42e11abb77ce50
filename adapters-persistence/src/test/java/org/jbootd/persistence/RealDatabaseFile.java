package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.simulation.World;

/** The file of a real H2 database. */
final class RealDatabaseFile extends DatabaseFile<byte[]> {

    private final Path directory;
    private boolean isOpen;

    RealDatabaseFile(World world, Path directory, DatabaseTemplate template) {
        super(world, template.database());
        this.directory = directory;
    }

    @Override
    HistoryDatabase open() throws IOException {
        isOpen = true;
        return LeaseDatabase.open(directory);
    }

    @Override
    byte[] read() {
        try {
            return Files.readAllBytes(directory.resolve(LeaseDatabase.FILE));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    void write(byte[] content) {
        try {
            Files.write(directory.resolve(LeaseDatabase.FILE), content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    void abandon() {
        if (isOpen) {
            isOpen = false;
            DatabaseTemplate.kill(directory);
        }
    }

    @Override
    Optional<String> difference(List<LeaseChange> history, boolean whole) {
        Optional<String> difference = HistoryComparison.difference(directory, history, whole);
        return whole ? difference.or(this::misfit) : difference;
    }

    /** A link or an interval that does not follow from the events. */
    private Optional<String> misfit() {
        List<String> report = new ArrayList<>();
        try (Auditor auditor = Auditor.of(directory, Auditor.USER, "", new EmbeddedDialect())) {
            boolean holds = IntervalCheck.run(auditor::ask, report);
            return ChainCheck.run(auditor::ask, List.of(), report) && holds
                    ? Optional.empty()
                    : Optional.of(report.get(0));
        } catch (Auditor.NoAnswer e) {
            throw new IllegalStateException(e);
        }
    }
}
