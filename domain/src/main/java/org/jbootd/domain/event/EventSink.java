package org.jbootd.domain.event;

/** Port: hears of machines, on the thread that decides. Never blocks and never throws. */
@FunctionalInterface
public interface EventSink {

    EventSink NOBODY = event -> {};

    void tell(MachineEvent event);
}
