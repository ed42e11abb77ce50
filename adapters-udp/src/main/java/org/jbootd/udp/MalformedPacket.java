package org.jbootd.udp;

/** A datagram that is not what its port expects. Caught once, counted, dropped; the message is for our own log only. */
public final class MalformedPacket extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedPacket(String message) {
        // No stack trace: whoever sends rubbish shall not make us pay for one.
        super(message, null, false, false);
    }
}
