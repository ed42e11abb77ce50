package org.jbootd.persistence;

import java.util.concurrent.locks.LockSupport;

/** A thread of the process that takes turns until the last one. */
final class WorkerThread implements Worker {

    private final Turn turn;
    private final Thread thread;

    /** Since the last turn began. A lock that the turn waits for may use up the permit of the thread. */
    private volatile boolean woken;

    WorkerThread(String name, Turn turn) {
        this.turn = turn;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        long pause = take();
        while (pause != Turn.ENDED) {
            if (pause > 0 && !woken) {
                LockSupport.parkNanos(this, pause);
                Thread.interrupted(); // nobody has a reason to, and it would keep the thread from ever waiting
            }
            pause = take();
        }
    }

    private long take() {
        woken = false;
        return turn.take();
    }

    @Override
    public void wake() {
        if (!woken) { // else the turn that sees to it has not begun
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void join() {
        Threads.join(thread);
    }
}
