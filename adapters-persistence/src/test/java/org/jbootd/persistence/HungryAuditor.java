package org.jbootd.persistence;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A process that keeps leases, and is asked what takes more memory than it has: by an auditor, then by a command. */
final class HungryAuditor {

    static final String SURVIVED = "it goes on";
    static final String SENT_AWAY = "sent away: ";

    /** One group a row, and not in the order of the rows. */
    private static final String HUNGRY =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 100000000) GROUP BY MOD(x * 7919, 1000000007)";

    private HungryAuditor() {}

    /** @param arguments the data directory, the port */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        StoreSettings settings = new StoreSettings(
                Path.of(arguments[0]),
                Optional.empty(),
                Optional.of(new SqlAccess(SqlAccess.LOOPBACK, port, Optional.empty())),
                Optional.empty());
        try (EmbeddedLeaseStore store = EmbeddedLeaseStore.open(settings)) {
            try (Connection connection =
                    DriverManager.getConnection("jdbc:h2:tcp://127.0.0.1:" + port + "/leases", "auditor", "")) {
                connection.createStatement().executeQuery(HUNGRY);
            } catch (SQLException e) {
                System.out.println(e.getMessage().lines().findFirst().orElse(""));
            }
            try (Auditor auditor = store.auditor()) {
                auditor.ask(HUNGRY, List.of(), values -> {});
            } catch (Auditor.NoAnswer e) {
                System.out.println(SENT_AWAY + e.getMessage());
            }
            store.awaitHistory();
            System.out.println(SURVIVED);
        }
    }
}
