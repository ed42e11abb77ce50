package org.jbootd.persistence;

/** Who does the work of a store, and how long it takes: its threads and their clock. */
interface Workers {

    /** Threads of this process. */
    static Workers threads() {
        return new Workers() {
            @Override
            public Worker worker(String name, Turn turn) {
                return new WorkerThread(name, turn);
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }

    /** @param turn is not taken twice at once */
    Worker worker(String name, Turn turn);

    /** Elapsed time, as {@link System#nanoTime}. */
    long nanoTime();
}
