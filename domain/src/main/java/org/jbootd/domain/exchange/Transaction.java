package org.jbootd.domain.exchange;

import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * By what a retransmission is known: the same client wants the same thing, with the same xid. What differs between copies
 * of one message (the relay it came through, the seconds it counts) has no part in it.
 *
 * @param address the one the message is about, {@link Ipv4#UNSPECIFIED} when it is about none
 */
record Transaction(String subnet, HardwareAddress client, int xid, Class<? extends ClientMessage> kind, Ipv4 address) {

    static Transaction of(ClientMessage message) {
        var request = message.request();
        return new Transaction(
                request.subnet(), request.client().hardware(), request.xid(), message.getClass(), address(message));
    }

    private static Ipv4 address(ClientMessage message) {
        if (message instanceof ClientMessage.Discover discover) {
            return discover.wanted().orElse(Ipv4.UNSPECIFIED);
        }
        if (message instanceof ClientMessage.Select select) {
            return select.address();
        }
        if (message instanceof ClientMessage.Reboot reboot) {
            return reboot.address();
        }
        if (message instanceof ClientMessage.Renew renew) {
            return renew.address();
        }
        if (message instanceof ClientMessage.Rebind rebind) {
            return rebind.address();
        }
        if (message instanceof ClientMessage.Decline decline) {
            return decline.address();
        }
        if (message instanceof ClientMessage.Release release) {
            return release.address();
        }
        if (message instanceof ClientMessage.Inform inform) {
            return inform.address();
        }
        if (message instanceof ClientMessage.Bootp bootp) {
            return bootp.address();
        }
        throw new AssertionError("unknown message " + message);
    }
}
