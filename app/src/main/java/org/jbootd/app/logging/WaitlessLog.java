package org.jbootd.app.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands lines to a thread that writes them, so that no thread that serves clients ever waits for the log. When lines come
 * faster than they are written, the less important ones are left out, counted, and the count is logged.
 */
final class WaitlessLog extends AsyncAppender {

    /** Lines that may wait. In the last fifth only warnings and errors find room. */
    static final int CAPACITY = 8192;

    private static final int LAST_LINES_MILLIS = 2000;

    private final AtomicLong leftOut = new AtomicLong();
    private final Logger speaker;

    WaitlessLog(LoggerContext context) {
        setContext(context);
        setName("waitless");
        setQueueSize(CAPACITY);
        setDiscardingThreshold(CAPACITY / 5);
        setNeverBlock(true);
        setMaxFlushTime(LAST_LINES_MILLIS);
        speaker = context.getLogger(WaitlessLog.class);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (leftOut.get() > 0 && getRemainingCapacity() > CAPACITY / 2) {
            String what = leftOut.getAndSet(0) + " lines were left out: they came faster than they could be written";
            super.append(new LoggingEvent(WaitlessLog.class.getName(), speaker, Level.WARN, what, null, null));
        }
        super.append(event);
    }

    /** Asked only while the queue is nearly full. */
    @Override
    protected boolean isDiscardable(ILoggingEvent event) {
        boolean discardable = super.isDiscardable(event);
        if (discardable) {
            leftOut.incrementAndGet();
        }
        return discardable;
    }
}
