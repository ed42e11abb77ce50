package org.jbootd.persistence;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import org.h2.tools.Server;

/** Lets SQL tools of this host ask the database while this process has it open: H2's own server, on the loopback interface. */
final class SqlServer implements AutoCloseable {

    private static final int OCTETS = 24;

    private final Server server;

    private SqlServer(Server server) {
        this.server = server;
    }

    /** Has to be said before the first class of H2 is used. */
    static void stayOnLoopback() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
    }

    /** @throws StoreRefused when the port cannot be had */
    static SqlServer start(Path directory, int port) {
        byte[] nobodyKnows = new byte[OCTETS];
        new SecureRandom().nextBytes(nobodyKnows);
        try {
            return new SqlServer(Server.createTcpServer(
                            "-tcpPort",
                            String.valueOf(port),
                            "-tcpPassword",
                            HexFormat.of().formatHex(nobodyKnows),
                            "-ifExists",
                            "-baseDir",
                            directory.toAbsolutePath().toString(),
                            "-tcpDaemon")
                    .start());
        } catch (SQLException e) {
            throw new StoreRefused(
                    "[leases] sql_port: TCP port " + port + " of 127.0.0.1 cannot be had: " + Trouble.sentence(e), e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
