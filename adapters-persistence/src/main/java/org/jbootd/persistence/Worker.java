package org.jbootd.persistence;

/** Takes the turns of one part of the store, one after the other. */
interface Worker {

    void start();

    /** There is something to do: the next turn comes soon. Never blocks; of any thread. */
    void wake();

    /** Waits until the last turn was taken. */
    void join();
}
