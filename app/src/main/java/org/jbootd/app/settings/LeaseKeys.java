package org.jbootd.app.settings;

import static org.jbootd.app.settings.KeyTable.NONE;

import java.util.List;

/** Where leases and their history are kept: {@code [leases]}. */
final class LeaseKeys {

    private LeaseKeys() {}

    static List<KeyDoc> all() {
        return new KeyTable("leases")
                .key(
                        "data_dir",
                        "directory",
                        "`/var/lib/jbootd`",
                        "/var/lib/jbootd",
                        "Where leases are kept: all of the daemon's own, and nobody else's. With PostgreSQL, where the daemon remembers how far it has seen them. A relative path starts at the configuration file's directory.")
                .key(
                        "url",
                        "JDBC URL",
                        "H2 in `data_dir`",
                        "jdbc:h2:/var/lib/jbootd",
                        "The lease database: `jdbc:postgresql://HOST[:PORT]/DATABASE`, which several servers may share, see [cluster](cluster.md); `jdbc:h2:DIRECTORY` is another way to write `data_dir`.")
                .key("user", "name", NONE, "jbootd", "User of the PostgreSQL database. The embedded one has none.")
                .key("password", "text", NONE, "secret", "Its password, in no message.")
                .key(
                        "password_file",
                        "path",
                        NONE,
                        "/etc/jbootd/password",
                        "A file with the password in its first line, in the place of `password`.")
                .key(
                        "allocation",
                        "`sequential`, `hashed`",
                        "`sequential`",
                        "hashed",
                        "How a new machine's address is chosen: the lowest free one, or one that follows from its MAC address or client identifier, which is the same from every server that shares the leases.")
                .key(
                        "orphans",
                        "number",
                        "0",
                        "12",
                        "How many live leases a reload (SIGHUP) may leave without their address; with more it is refused.")
                .key(
                        "history_keep",
                        "time",
                        "never",
                        "400d",
                        "How long the history is kept: changes of leases, refusals, transfers. At least 1h. What a lease is now"
                                + " is never deleted, nor the last change of an address.")
                .key(
                        "hash_chain",
                        "switch",
                        "as it was; off at first",
                        "on",
                        "Whether each change in the history has the hash of the one before it, so that a change of it can be noticed; see audit.md.")
                .key(
                        "sql_port",
                        "port",
                        "none",
                        "9092",
                        "TCP port at which SQL tools may ask the history of an embedded database while the daemon runs; see audit.md.")
                .key(
                        "sql_address",
                        "IPv4 address",
                        "127.0.0.1",
                        "192.168.1.2",
                        "The address of this host that has that port; `0.0.0.0` for all. Where other hosts can ask, the auditor needs a password; nothing is encrypted, see audit.md.")
                .key("sql_password", "text", NONE, "secret", "The auditor's password, in no message.")
                .key(
                        "sql_password_file",
                        "path",
                        NONE,
                        "/etc/jbootd/auditor",
                        "A file with it in its first line, in the place of `sql_password`.")
                .rows();
    }
}
