package org.jbootd.domain.exchange;

import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.net.Ipv4;

/**
 * By what a retransmission is known: the same client wants the same thing, with the same xid. What differs between copies
 * of one message (the relay it came through, the seconds it counts) has no part in it.
 *
 * @param address the one the message is about, {@link Ipv4#UNSPECIFIED} when it is about none
 */
record Transaction(String subnet, ClientKey client, int xid, Class<? extends ClientMessage> kind, Ipv4 address) {

    static Transaction of(ClientMessage message) {
        var request = message.request();
        return new Transaction(
                request.subnet(), request.client().key(), request.xid(), message.getClass(), message.address());
    }
}
