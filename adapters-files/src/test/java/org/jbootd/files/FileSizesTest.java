package org.jbootd.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileSource;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileSizesTest {

    @TempDir
    private Path root;

    private final Semaphore looks = new Semaphore(0);

    @Test
    void sizesAreKnownOnceStarted() throws Exception {
        Files.writeString(root.resolve("real.0"), "12345");
        FilenameTranslator translator = new FilenameTranslator(List.of(Filter.parse("boot.*", "real.0")));
        FileDesk desk = new FileDesk(translator, new DirectoryFileSource(root));
        try (FileSizes sizes = new FileSizes(desk, List.of("/boot.0", "missing", "/boot.0"), Duration.ofHours(1))) {
            assertThat(sizes.sizeOf("/boot.0")).isEmpty();
            sizes.start();
            assertThat(sizes.sizeOf("/boot.0")).hasValue(5L);
            assertThat(sizes.sizeOf("missing")).isEmpty();
            assertThat(sizes.sizeOf("real.0")).as("not watched").isEmpty();
        }
    }

    @Test
    void sizesFollowTheFiles() throws Exception {
        FileSource source = new DirectoryFileSource(root);
        FileDesk desk = new FileDesk(new FilenameTranslator(List.of()), target -> {
            looks.release();
            return source.open(target);
        });
        try (FileSizes sizes = new FileSizes(desk, List.of("a"), Duration.ofMillis(1))) {
            sizes.start();
            assertThat(sizes.sizeOf("a")).isEmpty();
            Files.writeString(root.resolve("a"), "123");
            assertThat(afterAnotherLook(sizes)).hasValue(3L);
            Files.writeString(root.resolve("a"), "1234");
            assertThat(afterAnotherLook(sizes)).hasValue(4L);
            Files.delete(root.resolve("a"));
            assertThat(afterAnotherLook(sizes)).isEmpty();
        }
    }

    /** The second look to come begins after now, and the third one after its end. */
    private Optional<Long> afterAnotherLook(FileSizes sizes) throws InterruptedException {
        looks.drainPermits();
        looks.acquire(3);
        return sizes.sizeOf("a");
    }

    @Test
    void aFileServerThatHangsHoldsUpNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FileDesk desk = new FileDesk(new FilenameTranslator(List.of()), target -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                looks.release();
            }
            throw new IllegalStateException("stopped");
        });
        try (FileSizes sizes = new FileSizes(desk, List.of("a"), Duration.ofMillis(1))) {
            sizes.start();
            assertThat(sizes.sizeOf("a")).isEmpty();
        }
        assertThat(looks.tryAcquire(30, TimeUnit.SECONDS))
                .as("stopping ends the look")
                .isTrue();
    }
}
