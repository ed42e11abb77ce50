package org.jbootd.domain.simulation;

import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;

/** Something on the network that sends to the server and hears its replies. */
interface Host {

    /** An offer, acknowledgement or refusal arrived, as the reply to {@code sent}. Silence never arrives. */
    void hear(ClientMessage sent, Answer answer);
}
