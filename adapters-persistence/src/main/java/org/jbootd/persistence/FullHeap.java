package org.jbootd.persistence;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when the heap is nearly full of what is in use: after it was tidied up, that is. */
final class FullHeap implements AutoCloseable {

    /** Of the room for what lives long. */
    static final int PERCENT = 80;

    private static final int WHOLE = 100;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final NotificationListener listener;

    /** @param alarm is run by a thread of the virtual machine, each time it becomes full */
    FullHeap(Runnable alarm) {
        this.listener = (notification, nothing) -> {
            if (isOfTheHeap(notification)) {
                alarm.run();
            }
        };
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (livesLong(pool)) {
                pool.setCollectionUsageThreshold(pool.getUsage().getMax() / WHOLE * PERCENT);
            }
        }
        emitter().addNotificationListener(listener, null, null);
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    /** New objects have pools of their own, for which there is no threshold of what is in use. */
    private static boolean livesLong(MemoryPoolMXBean pool) {
        return pool.getType() == MemoryType.HEAP
                && pool.isUsageThresholdSupported()
                && pool.isCollectionUsageThresholdSupported()
                && pool.getUsage().getMax() > 0;
    }

    private static boolean isOfTheHeap(Notification notification) {
        return MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED.equals(notification.getType());
    }

    @Override
    public void close() {
        try {
            emitter().removeNotificationListener(listener);
        } catch (ListenerNotFoundException e) {
            LOG.debug("nothing listened to the heap", e);
        }
    }
}
