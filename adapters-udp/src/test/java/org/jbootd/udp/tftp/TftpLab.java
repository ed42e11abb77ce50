package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.EventLoops;

/** A server on the loopback, the files that it has, and its clients. */
final class TftpLab implements AutoCloseable {

    static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

    final TestFiles files = new TestFiles();
    final EventLoops loops = new EventLoops(2);
    private TftpServer server;

    void start() {
        start(TftpSettings.of(LOOPBACK, 0));
    }

    void start(TftpLimits limits) {
        start(new TftpSettings(LOOPBACK, 0, 65464, Duration.ofSeconds(2), limits));
    }

    void start(TftpSettings settings) {
        server = new TftpServer(settings, files, loops);
        server.start();
    }

    TftpServer server() {
        return server;
    }

    TestClient client() throws IOException {
        return new TestClient(server.address());
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(Duration.ZERO);
        }
        loops.close();
        assertThat(files.open()).as("files left open").isZero();
    }
}
