package org.jbootd.persistence;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.h2.tools.Server;

/** Lets SQL tools ask the database while this process has it open: H2's own server. */
final class SqlServer implements AutoCloseable {

    private static final int OCTETS = 24;

    private final Server server;

    private SqlServer(Server server) {
        this.server = server;
    }

    /** Has to be said before the first class of H2 is used, and holds for all servers of this process. */
    static void bindTo(Optional<SqlAccess> access) {
        System.setProperty(
                "h2.bindAddress",
                access.map(SqlAccess::address).orElse(SqlAccess.LOOPBACK).toString());
    }

    /** @throws StoreRefused when the port cannot be had */
    static SqlServer start(Path directory, SqlAccess access) {
        byte[] nobodyKnows = new byte[OCTETS];
        new SecureRandom().nextBytes(nobodyKnows);
        try {
            List<String> arguments = new ArrayList<>(List.of(
                    "-tcpPort",
                    String.valueOf(access.port()),
                    "-tcpPassword",
                    HexFormat.of().formatHex(nobodyKnows),
                    "-ifExists",
                    "-baseDir",
                    directory.toAbsolutePath().toString(),
                    "-tcpDaemon"));
            if (!SqlAccess.isLoopback(access.address())) {
                arguments.add("-tcpAllowOthers");
            }
            return new SqlServer(
                    Server.createTcpServer(arguments.toArray(String[]::new)).start());
        } catch (SQLException e) {
            throw new StoreRefused(
                    "[leases] sql_port: TCP port " + access.port() + " of " + access.address() + " cannot be had: "
                            + Trouble.sentence(e),
                    e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
