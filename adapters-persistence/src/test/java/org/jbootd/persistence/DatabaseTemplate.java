package org.jbootd.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The files of a data directory that was just made, but for the journal: many can be had in the time of one migration. Its database
 * has no thread of its own that writes.
 */
final class DatabaseTemplate {

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** @param directory not there, and there no longer afterwards */
    DatabaseTemplate(Path directory) {
        EmbeddedLeaseStore.open(new StoreSettings(directory)).close();
        try (Handle handle = connect(directory)) {
            handle.execute("SET WRITE_DELAY 0");
        }
        try {
            for (String name : List.of("format", DatabaseKey.FILE, LeaseDatabase.FILE)) {
                files.put(name, Files.readAllBytes(directory.resolve(name)));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Handle connect(Path directory) {
        try {
            return Jdbi.open(
                    LeaseDatabase.url(directory) + ";DB_CLOSE_ON_EXIT=FALSE", "jbootd", DatabaseKey.of(directory));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has whoever has it open lose it, as when its process dies. */
    static void kill(Path directory) {
        try (Handle handle = connect(directory);
                Statement statement = handle.getConnection().createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] database() {
        return files.get(LeaseDatabase.FILE);
    }

    void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }
}
