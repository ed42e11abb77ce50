package org.jbootd.files.remote;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.files.FileUnavailable;

/**
 * Threads that ask for files, fewer of which may load one at the same time: however slow the files are that are on their way,
 * the server is asked about others, whose copy here may be the newest, or which are not there. Threads may share it.
 */
final class DownloadThreads implements Download.Turns {

    private static final long IDLE_SECONDS = 30;

    private final RemoteLimits limits;
    private final ThreadPoolExecutor threads;

    /** Those that load. */
    private final Set<Download> loading = new HashSet<>();

    /** Those that found no turn; each is run again, and asks again, when it has one. */
    private final Queue<Download> waiting = new ArrayDeque<>();

    DownloadThreads(RemoteLimits limits) {
        this.limits = limits;
        AtomicInteger count = new AtomicInteger();
        int size = limits.downloads() + limits.asking();
        threads = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(limits.waiting()), task -> {
                    Thread thread = new Thread(task, "remote-files-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins soon. False when too many wait. */
    boolean begin(Download download) {
        try {
            threads.execute(() -> work(download));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Whether none is at work and none is waited for. */
    boolean isIdle() {
        return threads.getQueue().isEmpty() && threads.getActiveCount() == 0;
    }

    private void work(Download first) {
        for (Download download = first; download != null && download.run(); ) {
            download = following(download);
        }
    }

    /** Whose turn it is when {@code done} had one. */
    private synchronized Download following(Download done) {
        if (!loading.remove(done)) {
            return null;
        }
        Download next = waiting.poll();
        if (next != null) {
            loading.add(next);
        }
        return next;
    }

    @Override
    public synchronized boolean take(Download download) throws FileUnavailable {
        if (loading.contains(download)) {
            return true;
        }
        if (loading.size() < limits.downloads()) {
            return loading.add(download);
        }
        if (waiting.size() >= limits.waiting()) {
            throw new FileUnavailable(FileUnavailable.Why.BROKEN, waiting.size() + " remote files wait to be loaded");
        }
        waiting.add(download);
        return false;
    }

    /** Goes on with what has begun, and takes no more. */
    void close() {
        threads.shutdown();
    }
}
