package org.jbootd.app.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jbootd.app.daemon.Daemon;
import org.jbootd.app.host.HostNetworks;
import org.jbootd.app.ini.Findings;
import org.jbootd.app.logging.Logging;
import org.jbootd.app.settings.Settings;
import picocli.CommandLine.Command;

/**
 * {@code jbootd rehearse}: starts and stops a daemon of its own on loopback, for the launcher to learn which classes a
 * start needs. Leaves nothing behind.
 */
@Command(name = "rehearse", hidden = true, description = "Start and stop, for nobody.")
final class RehearseCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("jbootd-rehearsal");
        try {
            Path file = Files.writeString(directory.resolve("jbootd.ini"), configuration());
            Findings findings = new Findings();
            Settings settings = Settings.read(
                            file, "rehearsal", Settings.Services.BOTH, HostNetworks.ofThisHost(), findings)
                    .orElseThrow(() -> new IOException(String.join("; ", findings.mistakes())));
            Logging.set(settings.logger());
            Daemon daemon = new Daemon(settings);
            daemon.start();
            daemon.stop();
            Logging.stop();
            return Jbootd.FINE;
        } finally {
            remove(directory);
        }
    }

    private static String configuration() throws IOException {
        return """
                [bootp]
                pool_start = 127.0.0.100
                port = %d
                reply_port = %d
                boot_file = jbootd.ini
                [tftp]
                root = .
                address = 127.0.0.1
                port = %d
                [leases]
                data_dir = leases
                """.formatted(freePort(), freePort(), freePort());
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
