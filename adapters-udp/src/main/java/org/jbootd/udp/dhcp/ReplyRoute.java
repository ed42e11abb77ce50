package org.jbootd.udp.dhcp;

import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Where a reply goes. By RFC 2131 §4.1 the first line of {@link #of} that applies decides. */
sealed interface ReplyRoute {

    /** To the relay agent's server port. */
    record Relay(Ipv4 giaddr) implements ReplyRoute {}

    /** To everybody on the wire it came from. */
    record Broadcast() implements ReplyRoute {}

    /** To a client that has its address already. */
    record Client(Ipv4 ciaddr) implements ReplyRoute {}

    /** To a client that does not answer ARP for its new address yet: the frame must be addressed for it. */
    record NewClient(Ipv4 yiaddr, HardwareAddress hardware) implements ReplyRoute {}

    /** Back to where a request to a boot server came from (PXE 2.1 §2.2.4). */
    record Sender(Ipv4 source, int port) implements ReplyRoute {}

    /** @param ciaddr the address the client has, unspecified unless the reply confirms it */
    record Facts(Ipv4 giaddr, boolean nak, Ipv4 ciaddr, boolean broadcast, Ipv4 yiaddr, HardwareAddress hardware) {

        static Facts of(DhcpPacket reply) {
            return new Facts(
                    reply.giaddr(),
                    reply.options().octet(OptionCode.MESSAGE_TYPE).orElse(0) == MessageType.NAK,
                    reply.ciaddr(),
                    reply.wantsBroadcast(),
                    reply.yiaddr(),
                    reply.hardwareAddress());
        }
    }

    static ReplyRoute of(Facts facts) {
        if (!facts.giaddr().isUnspecified()) {
            return new Relay(facts.giaddr());
        }
        if (facts.nak()) {
            return new Broadcast();
        }
        if (!facts.ciaddr().isUnspecified()) {
            return new Client(facts.ciaddr());
        }
        if (facts.broadcast()) {
            return new Broadcast();
        }
        return new NewClient(facts.yiaddr(), facts.hardware());
    }
}
