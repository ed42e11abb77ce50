package org.jbootd.udp.dhcp;

import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Reason;

/** What a packet turned out to be. */
public sealed interface Classification {

    /** A message to answer. */
    record Understood(ClientMessage message) implements Classification {}

    /** Nothing to answer. @param detail for the log, of our own words */
    record Refused(Reason reason, String detail) implements Classification {}
}
