package org.jbootd.udp.dhcp;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jbootd.udp.Printable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * One log line for each outcome, and no flood: of each kind the first {@value #LINES_PER_SECOND} within a second are
 * written, then how many more there were. For one thread, that of {@code timer}.
 */
final class OutcomeLog {

    static final int LINES_PER_SECOND = 100;

    private final Logger log;
    private final ScheduledExecutorService timer;
    private final Map<Object, Window> windows = new HashMap<>();

    /** @param timer runs its tasks on the thread that writes here */
    OutcomeLog(Logger log, ScheduledExecutorService timer) {
        this.log = log;
        this.timer = timer;
    }

    /**
     * @param kind a constant: there is one counter for each kind that ever occurred
     * @param line made only when it is written; what does not print is escaped
     */
    void write(Level level, Enum<?> kind, Supplier<String> line) {
        write(level, kind, null, line);
    }

    /** @param cause written with its stack trace; null for none */
    void write(Level level, Enum<?> kind, Throwable cause, Supplier<String> line) {
        if (!log.isEnabledForLevel(level)) {
            return;
        }
        Window window = windows.computeIfAbsent(kind, key -> new Window());
        if (window.lines++ == 0) {
            timer.schedule(() -> close(level, kind, window), 1, TimeUnit.SECONDS);
        }
        if (window.lines <= LINES_PER_SECOND) {
            log.atLevel(level).setCause(cause).log(Printable.of(line.get()));
        }
    }

    private void close(Level level, Enum<?> kind, Window window) {
        int more = window.lines - LINES_PER_SECOND;
        window.lines = 0;
        if (more > 0) {
            log.atLevel(level).log(kind + ": " + more + " more within a second");
        }
    }

    private static final class Window {
        private int lines;
    }
}
