package org.jbootd.app.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was acquired so far; gives it back in reverse order. One thread at a time. */
final class Held {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");

    private final Deque<Thing> things = new ArrayDeque<>();

    private record Thing(String name, AutoCloseable giveBack) {}

    void add(String name, AutoCloseable giveBack) {
        things.push(new Thing(name, giveBack));
    }

    /** All of them, whatever happens to one. */
    void giveBack() {
        while (!things.isEmpty()) {
            Thing thing = things.pop();
            try {
                thing.giveBack().close();
            } catch (Exception problem) {
                LOG.error("{} did not stop as it should", thing.name(), problem);
            }
        }
    }
}
