package org.jbootd.udp.dhcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.net.Ipv4;

/** The classifier of the test network, and the ways by which messages come to it. */
final class ClassifierScene {

    static final Classifier CLASSIFIER = new Classifier(TestNetwork.SETTINGS);
    static final Ipv4 SERVER = TestNetwork.SERVER;
    static final Ipv4 REMOTE = Ipv4.parse("10.78.0.100");
    static final Ipv4 RELAY = Ipv4.parse("10.78.0.2");
    static final Arrival BROADCAST = TestNetwork.broadcastOn(TestNetwork.LAN0);
    static final Arrival UNICAST = new Arrival(TestNetwork.LAN0, TestNetwork.FIRST, SERVER);
    static final Arrival RELAYED = new Arrival(TestNetwork.UPLINK, RELAY, SERVER);

    private ClassifierScene() {}

    static ClientMessage understood(RequestBuilder packet, Arrival arrival) {
        return understood(packet.build(), arrival);
    }

    static ClientMessage understood(DhcpPacket packet, Arrival arrival) {
        return understood(CLASSIFIER, packet, arrival);
    }

    static ClientMessage understood(Classifier classifier, DhcpPacket packet, Arrival arrival) {
        Classification outcome = classifier.classify(packet, arrival);
        assertThat(outcome).isInstanceOf(Classification.Understood.class);
        return ((Classification.Understood) outcome).message();
    }
}
