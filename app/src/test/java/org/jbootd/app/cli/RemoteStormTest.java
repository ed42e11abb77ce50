package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many machines that want one remote file at the same time. {@code -Djbootd.storm.readers=500 -Djbootd.storm.megabytes=50} is the
 * size of a datacenter; without, it is a smaller one.
 */
class RemoteStormTest {

    private static final int READERS = Integer.getInteger("jbootd.storm.readers", 100);
    private static final int OCTETS = Integer.getInteger("jbootd.storm.megabytes", 10) * 1_000_000;

    /** The heap of 256 MiB, and half of that for all else. */
    private static final long MOST_RESIDENT_KIB = 384 << 10;

    @TempDir
    private Path directory;

    private Mirror mirror;

    @BeforeEach
    void furnish() throws IOException {
        mirror = new Mirror(directory);
    }

    @AfterEach
    void stop() {
        mirror.close();
    }

    @Test
    void oneDownloadServesAllOfThemWithinBoundedMemory() throws Exception {
        byte[] content = mirror.file("initrd", OCTETS);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        ExecutorService machines = Executors.newFixedThreadPool(READERS);
        try (Child child = mirror.daemon()) {
            List<Callable<String>> reads = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                String own = "127.0.1." + (1 + i % 250);
                reads.add(() -> {
                    try (StreamedDownload download = new StreamedDownload(own, mirror.tftpPort())) {
                        return download.sha256("initrd");
                    }
                });
            }
            long began = System.nanoTime();
            for (Future<String> read : machines.invokeAll(reads)) {
                assertThat(read.get()).isEqualTo(sha256);
            }
            long millis = (System.nanoTime() - began) / 1_000_000;

            assertThat(mirror.timesSent("initrd")).isEqualTo(1);
            long resident = mostResidentKib(child);
            System.out.printf(
                    "%d readers of %d octets: %d ms, at most %d KiB resident%n", READERS, OCTETS, millis, resident);
            assertThat(resident).isLessThan(MOST_RESIDENT_KIB);
        } finally {
            machines.shutdownNow();
        }
    }

    private static long mostResidentKib(Child child) throws IOException {
        Path status = Path.of("/proc", String.valueOf(child.pid()), "status");
        assumeTrue(Files.exists(status), "this system does not tell how much memory a process has had");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
