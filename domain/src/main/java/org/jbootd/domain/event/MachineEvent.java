package org.jbootd.domain.event;

import java.util.Optional;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.Ipv4;

/** What happened to a machine, for those who keep track of machines. It is on disk before it is told. */
public sealed interface MachineEvent {

    /** The machine's message, with what is remembered of it. */
    Request request();

    Ipv4 address();

    /** A machine is acknowledged an address, anew or again. @param file what access control says that its files are called */
    record Given(Request request, Ipv4 address, Optional<String> file) implements MachineEvent {}

    /** A machine gave its address back. */
    record Released(Request request, Ipv4 address) implements MachineEvent {}
}
