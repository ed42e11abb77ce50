package org.jbootd.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;
import org.jbootd.domain.net.Ipv4;

/** What a demo needs on disk: a temporary directory with a configuration, a boot file, and room for the leases. */
final class DemoSite {

    static final Ipv4 POOL_START = Ipv4.parse("127.77.0.100");
    static final int POOL_COUNT = 10;
    static final String BOOT_FILE = "efi/demo.efi";

    private static final int BOOT_FILE_OCTETS = 3_000_137;

    private final Path directory;
    private final int dhcpPort;
    private final int tftpPort;

    private DemoSite(Path directory, int dhcpPort, int tftpPort) {
        this.directory = directory;
        this.dhcpPort = dhcpPort;
        this.tftpPort = tftpPort;
    }

    static DemoSite create() throws IOException {
        try (DatagramSocket dhcp = new DatagramSocket();
                DatagramSocket tftp = new DatagramSocket()) {
            return new DemoSite(Files.createTempDirectory("jbootd-demo-"), dhcp.getLocalPort(), tftp.getLocalPort());
        }
    }

    /** @param replyPort where machines take replies */
    void furnish(int replyPort) throws IOException {
        Files.createDirectories(bootFile().getParent());
        byte[] content = new byte[BOOT_FILE_OCTETS];
        new Random(content.length).nextBytes(content);
        Files.write(bootFile(), content);
        Files.writeString(config(), settings(replyPort));
    }

    private String settings(int replyPort) {
        return """
                # jbootd demo: a network of its own on the loopback interface, with ports that need no root.
                # On a real network only pool_start, boot files and root are needed; the ports are 67, 68 and 69.
                [logger]
                type = stderr
                level = info

                [bootp]
                interface = lo
                pool_start = %s
                pool_count = %d
                port = %d
                reply_port = %d

                [bootfile]
                default = %s

                [tftp]
                address = 127.0.0.1
                port = %d
                root = files

                [leases]
                data_dir = leases
                """.formatted(POOL_START, POOL_COUNT, dhcpPort, replyPort, BOOT_FILE, tftpPort);
    }

    Path directory() {
        return directory;
    }

    int dhcpPort() {
        return dhcpPort;
    }

    int tftpPort() {
        return tftpPort;
    }

    Path config() {
        return directory.resolve("jbootd.ini");
    }

    Path log() {
        return directory.resolve("daemon.log");
    }

    Path leases() {
        return directory.resolve("leases");
    }

    Path bootFile() {
        return directory.resolve("files").resolve(BOOT_FILE);
    }

    void delete() {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException problem) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the directory of the demo could not be removed: " + directory, e);
        }
    }
}
