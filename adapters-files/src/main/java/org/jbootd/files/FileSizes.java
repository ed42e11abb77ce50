package org.jbootd.files;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sizes of the boot files that machines are told of, for option 13, known without looking. One thread looks at all of
 * them at start and then again and again; any thread may ask.
 */
public final class FileSizes implements AutoCloseable {

    /** How long {@link #start} waits for the first look; a file server that hangs holds up nothing longer than this. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.files");

    private final FileDesk desk;
    private final Set<String> names;
    private final Duration interval;
    private final Map<String, Long> sizes = new ConcurrentHashMap<>();
    private final Map<String, String> complaints = new ConcurrentHashMap<>();
    private final CountDownLatch looked = new CountDownLatch(1);
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "file-sizes");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param names the boot files, as machines are told them
     * @param interval between two looks
     */
    public FileSizes(FileDesk desk, Collection<String> names, Duration interval) {
        this.desk = desk;
        this.names = Set.copyOf(names);
        this.interval = interval;
    }

    /** Looks once, for at most a second, and goes on looking in the background. */
    public void start() throws InterruptedException {
        watcher.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        if (!looked.await(FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the boot files answer slowly; their sizes are not known yet");
        }
    }

    private void look() {
        names.forEach(this::look);
        looked.countDown();
    }

    private void look(String name) {
        try (OpenFile file = desk.open(name)) {
            sizes.put(name, file.size());
            if (complaints.remove(name) != null) {
                LOG.info("boot file '{}' is there: {}, {} octets", name, file.origin(), file.size());
            }
        } catch (FileUnavailable | RuntimeException e) {
            sizes.remove(name);
            String complaint = String.valueOf(e.getMessage());
            if (!complaint.equals(complaints.put(name, complaint))) {
                LOG.warn("boot file '{}' cannot be served: {}", name, complaint);
            }
        }
    }

    /** Octets in the file as of the last look; empty when it cannot be served, or {@code name} is not watched. Never blocks. */
    public Optional<Long> sizeOf(String name) {
        return Optional.ofNullable(sizes.get(name));
    }

    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
