package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A worker that was told of something to do does it. */
class WorkerThreadTest {

    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch again = new CountDownLatch(1);
    private final AtomicInteger turns = new AtomicInteger();

    /** A turn that waits for a lock is woken, and waits on. */
    private long turn() {
        if (turns.incrementAndGet() == 1) {
            waiting.countDown();
            LockSupport.park();
            return Turn.UNTIL_WOKEN;
        }
        again.countDown();
        return Turn.ENDED;
    }

    @Test
    void whatItIsToldInTheMiddleOfATurnIsNotForgotten() throws InterruptedException {
        WorkerThread worker = new WorkerThread("worker", this::turn);
        worker.start();
        waiting.await();
        worker.wake();

        assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
        worker.join();
        assertThat(turns).hasValue(2);
    }
}
