package org.jbootd.domain.event;

/** Port: hears of machines, on the thread that decides. Neither blocks nor throws. */
@FunctionalInterface
public interface EventSink {

    EventSink NOBODY = event -> {};

    /** It is on disk, and the client has not heard of it. */
    void tell(MachineEvent event);

    /** The client has been sent its answer. */
    default void answered(MachineEvent event) {}
}
