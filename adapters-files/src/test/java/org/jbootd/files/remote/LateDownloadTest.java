package org.jbootd.files.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jbootd.files.remote.RemoteLab.LIMITS;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread becomes free for a download at the very moment when its time is over. */
class LateDownloadTest {

    private static final RemoteRoot ROOT = RemoteRoot.of("http://localhost:9/");

    @TempDir
    private Path directory;

    /** Notes what it is told; the thread of the alarm is slow. */
    private static final class Slow implements Download.Listener {

        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        private final CountDownLatch alarm = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Thread test = Thread.currentThread();

        @Override
        public void failed(Download from, FileUnavailable why) {
            if (Thread.currentThread() != test) {
                alarm.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            told.add(why.getMessage());
        }

        @Override
        public void found(Download from, Copy copy) {
            told.add("found");
        }

        @Override
        public void has(Download from, Copy copy) {
            told.add("has");
        }

        @Override
        public void unchanged(Download from) {
            told.add("unchanged");
        }

        @Override
        public void over(Download from, Optional<Copy> copy) {
            told.add("over");
        }
    }

    @Test
    void whoWaitsHearsThatThereIsNoAnswerBeforeItIsOver() throws InterruptedException {
        RemoteLimits limits = new RemoteLimits(
                1,
                1,
                1,
                1,
                LIMITS.connect(),
                Duration.ofMillis(1),
                LIMITS.idle(),
                LIMITS.total(),
                LIMITS.known(),
                LIMITS.patience());
        Slow listener = new Slow();
        Download download = new Download(
                new Server(ROOT, Trust.USUAL, limits),
                ROOT.url(),
                Optional.empty(),
                new Cache(new CopyDirectory(directory, Keeping.ALL), 1 << 20, 1),
                limits,
                turn -> true,
                listener);
        // on a busy machine the time may be over before the alarm is set, which goes off in the same thread then
        Thread setter = new Thread(download::await, "alarm-setter");
        setter.start();
        assertThat(listener.alarm.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(download.run()).isTrue();
        assertThat(List.copyOf(listener.told)).containsExactly(ROOT.url() + ": no answer within 1 ms", "over");
        listener.goOn.countDown();
        setter.join();
    }
}
