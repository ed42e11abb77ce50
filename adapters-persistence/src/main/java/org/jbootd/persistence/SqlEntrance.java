package org.jbootd.persistence;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.security.SHA256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which SQL tools are let in: the auditor, to the leases, with settings that are of his session alone. Threads may share it. */
final class SqlEntrance {

    /** Of a session, and read by the server. */
    private static final Set<String> HANDED_ON = Set.of(
            "LAZY_QUERY_EXECUTION",
            "LOCK_TIMEOUT",
            "NON_KEYWORDS",
            "OLD_INFORMATION_SCHEMA",
            "QUERY_TIMEOUT",
            "SCHEMA",
            "TRUNCATE_LARGE_LENGTH",
            "VARIABLE_BINARY");

    /** Of the client itself, or of who opens a database, which is open already: without effect, and not worth a refusal. */
    private static final Set<String> LEFT_OUT = Set.of(
            "ACCESS_MODE_DATA",
            "AUTO_RECONNECT",
            "CASE_INSENSITIVE_IDENTIFIERS",
            "DATABASE_TO_LOWER",
            "DATABASE_TO_UPPER",
            "DB_CLOSE_DELAY",
            "DB_CLOSE_ON_EXIT",
            "FILE_LOCK",
            "FORBID_CREATION",
            "IFEXISTS",
            "IGNORE_UNKNOWN_SETTINGS",
            "NETWORK_TIMEOUT");

    /** H2 makes a statement of it. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_,]{1,200}");

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final String database;
    private final Set<String> databaseNames;
    private final byte[] passwordHash;
    private final SqlOwner owner;
    private final SqlDoor door;

    /** @param password of the auditor; may be empty */
    SqlEntrance(Path directory, String password, SqlOwner owner, SqlDoor door) {
        String name = directory.toAbsolutePath().resolve(LeaseDatabase.NAME).toString();
        this.database = "file:" + name;
        this.databaseNames = Set.of(LeaseDatabase.NAME, "./" + LeaseDatabase.NAME, name);
        this.passwordHash = SHA256.getKeyPasswordHash(user(), password.toCharArray());
        this.owner = owner;
        this.door = door;
    }

    private static String user() {
        return Auditor.USER.toUpperCase(Locale.ROOT);
    }

    /**
     * Returns what H2 is to be told in the place of {@code login}.
     *
     * @throws SqlRefusal when it is not let in
     */
    SqlHandshake.Login admit(SqlHandshake.Login login) throws SqlRefusal {
        String name = login.database().replaceFirst("^file:", "");
        if (!databaseNames.contains(name)) {
            throw new SqlRefusal(
                    ErrorCode.REMOTE_DATABASE_NOT_FOUND_1,
                    "there is no such database here: the URL ends with /" + LeaseDatabase.NAME);
        }
        checkPassword(login);
        Map<String, String> settings = settings(login.settings());
        Optional<String> shut = door.whyShut();
        if (shut.isPresent()) {
            throw new SqlRefusal(ErrorCode.GENERAL_ERROR_1, "nobody is let in now: " + shut.get());
        }
        resetPassword();
        return new SqlHandshake.Login(login.versions(), database, user(), passwordHash, settings);
    }

    private void checkPassword(SqlHandshake.Login login) throws SqlRefusal {
        boolean right = MessageDigest.isEqual(passwordHash, login.passwordHash());
        if (!right || !login.user().equalsIgnoreCase(Auditor.USER)) {
            throw new SqlRefusal(ErrorCode.WRONG_USER_OR_PASSWORD, "Wrong user name or password");
        }
    }

    private void resetPassword() throws SqlRefusal {
        try {
            owner.resetAuditorPassword();
        } catch (SQLException e) {
            LOG.debug("no auditor can be let in", e);
            throw new SqlRefusal(ErrorCode.GENERAL_ERROR_1, "the history database cannot be asked now; try again");
        }
    }

    private static Map<String, String> settings(Map<String, String> wanted) throws SqlRefusal {
        Map<String, String> settings = new TreeMap<>();
        for (Map.Entry<String, String> setting : wanted.entrySet()) {
            String name = setting.getKey();
            if (LEFT_OUT.contains(name)) {
                continue;
            }
            if (!HANDED_ON.contains(name) || !VALUE.matcher(setting.getValue()).matches()) {
                throw new SqlRefusal(
                        ErrorCode.UNSUPPORTED_SETTING_1,
                        "who asks here cannot set " + printable(name) + " as wanted: remove it from the URL");
            }
            settings.put(name, setting.getValue());
        }
        return settings;
    }

    private static String printable(String name) {
        return VALUE.matcher(name).matches() ? name : "that";
    }
}
