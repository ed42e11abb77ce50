package org.jbootd.persistence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Asks a database that nobody has open. */
final class Auditor {

    private Auditor() {}

    /** Each row as its values' texts with bars between them. */
    static List<String> rows(Path directory, String sql) {
        try (Handle handle = Jdbi.open(
                "jdbc:h2:file:" + directory.toAbsolutePath().resolve("leases") + ";IFEXISTS=TRUE", "jbootd", "")) {
            return handle.createQuery(sql)
                    .map((row, context) -> {
                        List<String> values = new ArrayList<>();
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            values.add(row.getString(i));
                        }
                        return String.join("|", values);
                    })
                    .list();
        }
    }
}
