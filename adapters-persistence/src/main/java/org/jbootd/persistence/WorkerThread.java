package org.jbootd.persistence;

import java.util.concurrent.locks.LockSupport;

/** A thread of the process that takes turns until the last one. */
final class WorkerThread implements Worker {

    private final Turn turn;
    private final Thread thread;

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
        long pause = turn.take();
        while (pause != Turn.ENDED) {
            if (pause > 0) {
                LockSupport.parkNanos(this, pause); // at once if it was woken since the turn began
                Thread.interrupted(); // nobody has a reason to, and it would keep the thread from ever waiting
            }
            pause = turn.take();
        }
    }

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void join() {
        Threads.join(thread);
    }
}
