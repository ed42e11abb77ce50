package org.jbootd.persistence;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jbootd.domain.simulation.StoreOnTrial;
import org.jbootd.domain.simulation.World;
import org.slf4j.LoggerFactory;

/** A host for each run, one after the other, in memory where there is a file system for that. What their stores log is not heard. */
final class SimulatedHosts implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("jbootd.leases");

    private final Level usual = LOG.getLevel();
    private final Path directory;
    private final DatabaseTemplate template;
    private final double realDatabases;

    /** Null before the first run. */
    private SimulatedHost last;

    /** @param realDatabases the share of hosts with H2, on which a run takes ten times as long, and not with a model of it */
    SimulatedHosts(double realDatabases) {
        this.realDatabases = realDatabases;
        try {
            directory = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "jbootd")
                    : Files.createTempDirectory("jbootd");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        template = new DatabaseTemplate(directory.resolve("template"));
        LOG.setLevel(Level.OFF);
    }

    /** For runs of a store with that bug. */
    StoreOnTrial.Maker with(StoreBug bug) {
        return (world, crash) -> host(world, crash, bug);
    }

    private StoreOnTrial host(World world, Runnable crash, StoreBug bug) {
        leave();
        Path data = directory.resolve("data");
        try {
            template.writeTo(data);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        DatabaseFile<?> database = world.chance.of(realDatabases)
                ? new RealDatabaseFile(world, data, template)
                : new ModelDatabaseFile(world);
        last = new SimulatedHost(world, crash, data, database, bug);
        return last;
    }

    private void leave() {
        if (last != null) {
            last.leave();
            last = null;
        }
    }

    @Override
    public void close() throws IOException {
        LOG.setLevel(usual);
        leave();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
