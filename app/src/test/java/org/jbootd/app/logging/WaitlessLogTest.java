package org.jbootd.app.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WaitlessLogTest {

    /** Writes nothing until it is let go. */
    private static final class Stuck extends AppenderBase<ILoggingEvent> {

        private final CountDownLatch letGo = new CountDownLatch(1);
        private final List<String> written = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            try {
                letGo.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            written.add(event.getFormattedMessage());
        }
    }

    @Test
    void aLogThatIsStuckHoldsUpNobodyAndSaysWhatItLeftOut() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        Stuck stuck = new Stuck();
        stuck.setContext(context);
        stuck.start();
        WaitlessLog waitless = new WaitlessLog(context);
        waitless.addAppender(stuck);
        waitless.start();
        Logger logger = context.getLogger("test");
        logger.addAppender(waitless);
        int lines = 3 * WaitlessLog.CAPACITY;

        for (int i = 0; i < lines; i++) {
            logger.info("line {}", i);
        }
        logger.warn("a warning finds room");
        stuck.letGo.countDown();
        await().untilAsserted(() -> assertThat(stuck.written).last().isEqualTo("a warning finds room"));
        logger.info("afterwards");
        await().until(() -> stuck.written.contains("afterwards"));

        // beside the queue there is what its thread had taken out of it, all at once, when it got stuck
        assertThat(stuck.written).hasSizeBetween(WaitlessLog.CAPACITY / 2, 2 * WaitlessLog.CAPACITY);
        int leftOut = lines - (stuck.written.size() - 3);
        assertThat(stuck.written)
                .contains(leftOut + " lines were left out: they came faster than they could be written");
        context.stop();
    }
}
