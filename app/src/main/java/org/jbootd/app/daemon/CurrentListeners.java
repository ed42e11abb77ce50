package org.jbootd.app.daemon;

import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.files.AssignedNames;

/** Hands on what happens to machines: to the names of their files, and to those whom the configuration in force notifies. */
final class CurrentListeners implements EventSink {

    private final AssignedNames names;
    private volatile EventSink notified;

    CurrentListeners(AssignedNames names, EventSink notified) {
        this.names = names;
        this.notified = notified;
    }

    void adopt(EventSink next) {
        notified = next;
    }

    @Override
    public void tell(MachineEvent event) {
        if (event instanceof MachineEvent.Given given) {
            names.assign(given.address(), given.file());
        }
        notified.tell(event);
    }
}
