package org.jbootd.domain.simulation;

import org.jbootd.domain.client.ClientMessage;

/** How a host reaches the server. */
interface Wire {

    void send(Host from, ClientMessage message);

    /** The name of a network other than {@code subnet}. */
    String anotherSubnet(String subnet);
}
