package org.jbootd.app.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.persistence.SqlAccess;

/** Where SQL tools may ask, in {@code [leases]}. */
final class SqlSettings {

    private static final String PORT = "sql_port";
    private static final String ADDRESS = "sql_address";
    private static final String PASSWORD = "sql_password";
    private static final String PASSWORD_FILE = PASSWORD + "_file";

    private SqlSettings() {}

    /** @return empty when nobody may ask, or a mistake was found */
    static Optional<SqlAccess> from(Section leases, Path base) {
        Optional<Integer> port = leases.optional(PORT, Values::port);
        Ipv4 address = leases.optional(ADDRESS, Ipv4::parse, SqlAccess.LOOPBACK);
        Optional<String> password = Passwords.from(leases, PASSWORD, base);
        if (!leases.has(PORT)) {
            refuse(leases, "is of use with " + PORT + " only; remove the line", ADDRESS, PASSWORD, PASSWORD_FILE);
        }
        boolean forOthers = !SqlAccess.isLoopback(address);
        if (forOthers && !leases.has(PASSWORD) && !leases.has(PASSWORD_FILE)) {
            leases.mistake(ADDRESS, "other hosts can ask there: write " + PASSWORD_FILE + ", too");
        }
        return port.filter(found -> !forOthers || password.isPresent())
                .map(found -> new SqlAccess(address, found, password));
    }

    /** Of leases that are in a server of their own. @return empty */
    static Optional<SqlAccess> refuseAll(Section leases) {
        refuse(leases, "auditors ask PostgreSQL itself; remove the line", PORT, ADDRESS, PASSWORD, PASSWORD_FILE);
        return Optional.empty();
    }

    private static void refuse(Section leases, String why, String... keys) {
        for (String key : keys) {
            if (leases.has(key)) {
                leases.mistake(key, why);
            }
        }
    }
}
