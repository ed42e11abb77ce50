package org.jbootd.app.daemon;

import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.udp.notify.UdpNotifier;

/**
 * Hands on what happens to machines: to the names of their files before they can ask for any, and to those whom the
 * configuration in force notifies when the machines have their answers.
 */
final class CurrentListeners implements EventSink {

    private final AssignedNames names;
    private final UdpNotifier notifier;

    CurrentListeners(AssignedNames names, UdpNotifier notifier) {
        this.names = names;
        this.notifier = notifier;
    }

    @Override
    public void tell(MachineEvent event) {
        if (event instanceof MachineEvent.Given given) {
            names.assign(given.address(), given.file());
        }
    }

    @Override
    public void answered(MachineEvent event) {
        notifier.tell(event);
    }
}
